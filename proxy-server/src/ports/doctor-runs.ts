import type { DoctorCheck } from '../domain/doctor.ts';

/** One run of doctor that is under way. */
export interface DoctorProgress {
  readonly startedAt: number;
  readonly username: string;
  readonly done: number;
  /** Zero until it is known. */
  readonly edges: number;
}

/** What the latest run found, kept until the next one ends or the program does. */
export interface DoctorResult {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly username: string;
  readonly checks: readonly DoctorCheck[];
  /** Why it could not be run; then there are no checks. */
  readonly problem?: string;
}

/** Where the hub's control plane is, as the hub itself proved it with the request. */
export interface DoctorPlace {
  readonly hubNamespace: string;
  readonly anchor: string;
}

/** Runs doctor inside proxy-server: one run at a time, so that many askers cost the edges as much as one. */
export interface DoctorRuns {
  readonly running: DoctorProgress | undefined;
  readonly latest: DoctorResult | undefined;
  /** False where one is under way already: that one is joined. */
  start(username: string, place: DoctorPlace): boolean;
}
