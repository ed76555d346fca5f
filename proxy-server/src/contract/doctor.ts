/** Doctor over HTTP. The checks are those of `npm run doctor -- --json`. */
import { z } from 'zod';
import type { DoctorCheck } from '../domain/doctor.ts';
import type { ThroughFacts } from '../domain/doctor-through.ts';
import type { Same } from './same.ts';

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

/** How long an answer of the hub may be that a browser passes on; more of it says nothing more. */
export const THROUGH_TEXT_CHARS = 4_096;

const read = <T extends z.ZodType>(value: T) =>
  z.union([z.strictObject({ known: z.literal(true), value }), z.strictObject({ known: z.literal(false), why: z.string().max(512) })]);
const scoped = <T extends z.ZodType>(value: T) => z.strictObject({ 'edge-fleet': read(value), 'edge-fleet-ops': read(value) });
const word = z.string().max(512);
const answer = z.strictObject({ status: z.number().int(), text: z.string().max(THROUGH_TEXT_CHARS) });

/** What a browser found when it asked the hub with the session of its user: read for them, and kept nowhere. */
export const AskedThrough = z.strictObject({
  answers: scoped(answer),
  mayInvoke: scoped(word),
  hubVersion: read(word),
  username: read(word),
});
export const agreeOnThrough: true = true satisfies Same<z.infer<typeof AskedThrough>, ThroughFacts>;

export interface ThroughChecks {
  readonly checks: readonly DoctorCheck[];
}
