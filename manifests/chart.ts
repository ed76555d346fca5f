/**
 * The Helm chart, made from the kustomize base so that the two cannot drift: the text of every object with the literals below replaced by
 * values. A literal that is not found any more stops the generation.
 */
interface Substitution {
  readonly file: string;
  readonly literal: string;
  readonly template: string;
}

const EVERYWHERE = '*';

const SUBSTITUTIONS: readonly Substitution[] = [
  { file: EVERYWHERE, literal: '  namespace: edge-fleet', template: '  namespace: {{ .Release.Namespace }}' },
  { file: 'deployment.yaml', literal: 'image: edge-fleet:0.1.0', template: 'image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}"' },
  { file: 'deployment.yaml', literal: 'imagePullPolicy: IfNotPresent', template: 'imagePullPolicy: {{ .Values.image.pullPolicy }}' },
  {
    file: 'deployment.yaml',
    literal: '          resources:\n            requests:\n              cpu: 200m\n              memory: 256Mi\n            limits:\n              memory: 1Gi\n',
    template: '          resources:\n            {{- toYaml .Values.resources | nindent 12 }}\n',
  },
  {
    file: 'deployment.yaml',
    literal: '              value: --max-old-space-size=768\n',
    template: '              value: {{ .Values.nodeOptions }}\n            {{- with .Values.env }}\n            {{- toYaml . | nindent 12 }}\n            {{- end }}\n',
  },
  {
    file: 'deployment.yaml',
    literal: '      serviceAccountName: edge-fleet\n',
    template: '      serviceAccountName: edge-fleet\n      {{- range $name := list "imagePullSecrets" "nodeSelector" "tolerations" "affinity" }}\n      {{- with index $.Values $name }}\n      {{ $name }}:\n        {{- toYaml . | nindent 8 }}\n      {{- end }}\n      {{- end }}\n      {{- with .Values.priorityClassName }}\n      priorityClassName: {{ . }}\n      {{- end }}\n',
  },
  {
    file: 'storage.yaml',
    literal: '      storage: 10Gi\n',
    template: '      storage: {{ .Values.storage.size }}\n  {{- with .Values.storage.className }}\n  storageClassName: {{ . }}\n  {{- end }}\n',
  },
  { file: 'network-policy.yaml', literal: 'kubernetes.io/metadata.name: argocd', template: 'kubernetes.io/metadata.name: {{ .Values.hub.namespace }}' },
  {
    file: 'policy.yaml',
    literal: '  policy.csv: |\n    # p, subject or role, resource, action, object, allow or deny\n    # g, subject, role\n  policy.default: role:viewer\n',
    template:
      '  policy.csv: |\n    {{- .Values.policy.csv | nindent 4 }}\n  policy.default: {{ .Values.policy.default | quote }}\n  {{- with .Values.policy.hubVersion }}\n  hubVersion: {{ . | quote }}\n  {{- end }}\n',
  },
]; // prettier-ignore

/** Files of manifests/base that become templates; the namespace is Helm's own business. */
export const CHART_SOURCES = [
  'rbac.yaml', 'policy.yaml', 'storage.yaml', 'deployment.yaml', 'service.yaml', 'network-policy.yaml', 'disruption-budget.yaml',
] as const; // prettier-ignore

/** The template of one file of the base. */
export function chartTemplate(file: string, text: string): string {
  let template = text;
  for (const { file: where, literal, template: replacement } of SUBSTITUTIONS) {
    if (where !== file && where !== EVERYWHERE) continue;
    if (where !== EVERYWHERE && !template.includes(literal)) throw new Error(`manifests/base/${file} has no "${literal.trim()}" any more`);
    template = template.replaceAll(literal, replacement);
  }
  return template;
}
