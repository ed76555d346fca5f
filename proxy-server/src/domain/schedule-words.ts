import { Cron } from 'croner';
import { thrownWords } from './thrown-words.ts';

/** Undefined where five fields make a schedule; else what is wrong with them, in the parser's words. Nicknames and dates are refused. */
export function cronProblem(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5) return 'it does not have five fields';
  try {
    new Cron(expression, { paused: true });
    return undefined;
  } catch (thrown) {
    return thrownWords(thrown, 'cannot be read').replace(/^CronPattern: /, '');
  }
}

/** The names that need no asking: a question to Intl takes a tenth of a millisecond, and a start asks ten thousand times. Aliases are not among them. */
const CANONICAL_ZONES: ReadonlySet<string> = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

/** True for IANA names that this Node knows, and UTC. Offsets such as +02:00 are refused: they do not know about summer. */
export function isTimeZone(name: string): boolean {
  if (CANONICAL_ZONES.has(name)) return true;
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
