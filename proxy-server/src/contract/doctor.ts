/** Doctor over HTTP. The checks are those of `npm run doctor -- --json`. */
import type { DoctorCheck } from '../domain/doctor.ts';

export interface DoctorResultAnswer {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly username: string;
  readonly problem?: string;
  /** Those of the hub, then edge by edge, problems first, as far as `shownEdges` go. */
  readonly checks: readonly DoctorCheck[];
  readonly edges: number;
  readonly shownEdges: number;
  /** Edges by the worst result they have. */
  readonly edgesBy: Readonly<Record<DoctorCheck['result'], number>>;
}

export interface DoctorAnswer {
  readonly now: number;
  readonly running?: { readonly startedAt: number; readonly username: string; readonly done: number; readonly edges: number };
  readonly latest?: DoctorResultAnswer;
}
