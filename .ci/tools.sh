# Sourced by .ci/run: tools that tests of the manifests call, as Go modules at pinned versions, where there is a Go to build them with.
# One line a tool: name, module, version.
CI_TOOLS=(
  "kustomize sigs.k8s.io/kustomize/kustomize/v5 v5.4.3"
  "helm helm.sh/helm/v3/cmd/helm v3.17.3"
)

if command -v go >/dev/null && [ "${#CI_TOOLS[@]}" -gt 0 ]; then
  export GOBIN="$PWD/.cache/bin"
  mkdir -p "$GOBIN"
  for tool in "${CI_TOOLS[@]}"; do
    read -r name module version <<<"$tool"
    [ -x "$GOBIN/$name-$version" ] && continue
    echo "Installing $name $version"
    go install "$module@$version" && mv "$GOBIN/$name" "$GOBIN/$name-$version" && ln -sf "$name-$version" "$GOBIN/$name"
  done
fi
export PATH="$PWD/.cache/bin:$PATH"
