# One image: proxy-server, and the extension's bundle under /extension for the init container of argocd-server. The base needs glibc and nothing else:
# Node comes as an npm package. docker build --build-arg BASE=gcr.io/distroless/cc-debian12 .
ARG BASE=debian:12-slim
ARG BUILD=node:24-bookworm-slim

FROM ${BUILD} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund && npm rebuild node --ignore-scripts=false \
 && npm sbom --omit dev --sbom-format cyclonedx > sbom.cdx.json

FROM ${BUILD} AS bundle
WORKDIR /app
COPY package.json package-lock.json .npmrc setup.mjs webpack.config.js webpack.archive.js webpack.jsx.js tsconfig.json ./
RUN npm ci --no-audit --no-fund && npm rebuild node --ignore-scripts=false
COPY extension extension
COPY proxy-server/src/domain proxy-server/src/domain
COPY proxy-server/src/contract proxy-server/src/contract
RUN npm run build

FROM ${BASE}
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY --from=packages /app/package.json /app/sbom.cdx.json ./
COPY --from=bundle /app/dist/resources/extension-edge-fleet.js /extension
COPY proxy-server proxy-server
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["/app/node_modules/.bin/node", "proxy-server/src/main.ts"]
