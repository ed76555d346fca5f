/** What doctor says: one line per check, and what to do where it is not well. */
export interface DoctorCheck {
  readonly id: string;
  readonly edge?: string;
  readonly result: 'ok' | 'warning' | 'failed' | 'notChecked';
  readonly message: string;
  readonly remedy?: string;
}

/** Something that was read, or the reason why it could not be: what doctor may not read it calls "not checked", never "well". */
export type Read<T> = { readonly known: true; readonly value: T } | { readonly known: false; readonly why: string };

export const known = <T>(value: T): Read<T> => ({ known: true, value });
export const unknown = (why: string): Read<never> => ({ known: false, why });

/** 0: nothing failed; warnings and what was not checked do not fail. 1: a check failed. */
export const doctorExitCode = (checks: readonly DoctorCheck[]): 0 | 1 => (checks.some(({ result }) => result === 'failed') ? 1 : 0);

const MARKS: Readonly<Record<DoctorCheck['result'], string>> = {
  ok: 'ok         ',
  warning: 'warning    ',
  failed: 'FAILED     ',
  notChecked: 'not checked',
};

/** One line each, the remedy after an arrow. */
export const doctorLine = ({ id, edge, result, message, remedy }: DoctorCheck): string =>
  `${MARKS[result]}  ${edge === undefined ? '' : `${edge}: `}${id}: ${message}${remedy === undefined ? '' : ` -> ${remedy}`}`;
