import type { DoctorCheck } from '../../../proxy-server/src/domain/doctor.ts';
import { plural } from './plural.ts';

export const resultWords: Readonly<Record<DoctorCheck['result'], string>> = {
  ok: 'well',
  warning: 'Warning',
  failed: 'Failed',
  notChecked: 'Not checked',
};

/** The words of doctor. */
export const doctorWords = {
  title: 'Doctor',
  text: 'Looks at the configuration, the hub and every edge, and says what to mend. It only reads, and may be run at any time.',
  loading: 'Asking for the latest result',
  run: 'Run doctor',
  again: 'Run again',
  never: {
    title: 'Doctor has not been run since proxy-server started',
    text: 'It looks at the configuration, the hub and every edge, and says what to mend. It only reads.',
  },
  refused: 'You may not run doctor',
  running: (who: string) => `Running, started by ${who} `,
  progress: (done: number, all: number) =>
    all === 0 ? 'Looking at the hub' : `${done.toLocaleString()} of ${plural(all, '# edge', '# edges')}`,
  found: 'Found ',
  by: (who: string) => ` for ${who}`,
  problem: 'Doctor could not run',
  through: 'Your own way through the hub',
  hub: 'Configuration and hub',
  edges: 'Edges',
  well: (count: number) => plural(count, '# check is well', '# checks are well'),
  edgesWell: (count: number) => plural(count, '# edge is well in every check', '# edges are well in every check'),
  cut: (shown: number, all: number) =>
    `The worst ${shown.toLocaleString()} of ${all.toLocaleString()} edges are shown. On the command line npm run doctor shows all.`,
  counts: (failed: number, warnings: number, unchecked: number) =>
    `${failed.toLocaleString()} failed, ${plural(warnings, '# warning', '# warnings')}, ${unchecked.toLocaleString()} not checked`,
} as const;
