import { plural } from './plural.ts';

/** The words on Applications of the hub itself. */
export const hubAppWords = {
  tab: 'Edges',
  status: 'FLEET',
  fault: 'Edge Fleet has a fault here. Argo CD itself is not affected.',
  notOurs:
    'This Application deploys neither a Product nor the bootstrap of an edge: it has no label edgefleet.dev/product or edgefleet.dev/bootstrap.',
  heading: { product: (name: string) => `${name} in the fleet`, edge: (name: string) => `Edge ${name}`, fleet: 'The fleet' },
  loading: 'Asking the fleet',
  edges: 'Edges',
  behind: 'Behind',
  behindNote: (version: string) => `before ${version}`,
  failing: 'Failing Applications',
  notHeard: 'Not heard',
  notHeardNote: 'last known counts',
  versions: 'Edges per version',
  noVersions: 'No edge runs it.',
  unknownVersion: 'unknown',
  cut: (count: number) => plural(count, '# further version', '# further versions'),
  asOf: (clock: string) => `as of ${clock}`,
  show: 'Open in the fleet',
  heard: 'heard ',
  never: 'never',
  line: (edges: number) => plural(edges, '# edge', '# edges'),
  lineBehind: (count: number) => `${count.toLocaleString()} behind`,
  lineNotHeard: (count: number) => `${count.toLocaleString()} not heard`,
  lineFailing: (count: number) => `${count.toLocaleString()} failing`,
} as const;
