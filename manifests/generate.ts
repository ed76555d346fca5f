/**
 * Writes what is made from something else: the CRDs from the schemas of our kinds, the Helm chart from the kustomize base, Helm values from the
 * patches, and the list of images. `npm run manifests` writes them, `npm run manifests -- --check` says which are out of date and exits 1.
 */
import { readFileSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';
import { FLEET_KINDS } from '../proxy-server/src/contract/kinds.ts';
import { CHART_SOURCES, chartTemplate } from './chart.ts';
import { toCrd } from './crd.ts';
import { edgeHelmValues, hubHelmValues, imageList } from './helm-values.ts';

const read = (path: string): string => readFileSync(join(import.meta.dirname, path), 'utf8');
const CRD_HEADER = '# Made by npm run manifests from proxy-server/src/contract/kinds.ts.\n';
const MONITORING = ['service-monitor.yaml', 'alerts.yaml', 'network-policy.yaml'] as const;
const WITH_IMAGES = [
  'base/deployment.yaml', 'hub/extension-image/argocd-server.yaml', 'hub/extension-installer/argocd-server.yaml',
  'hub/extension-oci/argocd-server.yaml', 'edge/cloudflared/deployment.yaml',
]; // prettier-ignore

const indented = (text: string, by: string): string => text.replace(/^(?=.)/gm, by);

/** The words of alerts hold braces that are Prometheus' business, not Helm's. */
const escaped = (text: string): string => text.replaceAll(/\{\{(.*?)\}\}/g, (_whole, inner: string) => `{{ "{{" }}${inner}{{ "}}" }}`);

function monitoringTemplate(): string {
  const dashboard = {
    apiVersion: 'v1', kind: 'ConfigMap',
    metadata: { name: 'edge-fleet-dashboard', namespace: 'edge-fleet', labels: { grafana_dashboard: '1' } },
  }; // prettier-ignore
  const dashboardText = `${stringify(dashboard)}data:\n  edge-fleet.json: |\n${indented(escaped(read('monitoring/dashboard.json')), '    ')}`;
  const texts = [
    ...MONITORING.map((file) => chartTemplate(`monitoring/${file}`, escaped(read(`monitoring/${file}`)))),
    chartTemplate('', dashboardText),
  ];
  return `{{- if .Values.monitoring.enabled }}\n${texts.join('---\n')}{{- end }}\n`;
}

/** Path below manifests/ to text. */
export function generatedFiles(): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const kind of FLEET_KINDS) {
    const text = CRD_HEADER + stringify(toCrd(kind), { lineWidth: 140, aliasDuplicateObjects: false });
    files.set(`crds/${kind.toLowerCase()}.yaml`, text);
    files.set(`helm/edge-fleet/crds/${kind.toLowerCase()}.yaml`, text);
  }
  for (const file of CHART_SOURCES) files.set(`helm/edge-fleet/templates/${file}`, chartTemplate(file, read(`base/${file}`)));
  files.set('helm/edge-fleet/templates/monitoring.yaml', monitoringTemplate());
  files.set('hub/argo-cd-values.yaml', hubHelmValues(read));
  files.set('edge/argo-cd-values.yaml', edgeHelmValues(read));
  files.set('images.txt', imageList(WITH_IMAGES.map(read)));
  return files;
}

async function main(check: boolean): Promise<void> {
  for (const [name, text] of generatedFiles()) {
    const path = join(import.meta.dirname, name);
    const before = await readFile(path, 'utf8').catch(() => '');
    if (before === text) continue;
    if (check) {
      console.error(`manifests/${name} is out of date: run npm run manifests`);
      process.exitCode = 1;
    } else {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
      console.log(`Wrote manifests/${name}`);
    }
  }
}

if (process.argv[1] === import.meta.filename) await main(process.argv.includes('--check'));
