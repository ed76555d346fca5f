import { Cron } from 'croner';

/** Undefined where five fields make a schedule; else what is wrong with them, in the parser's words. Nicknames and dates are refused. */
export function cronProblem(expression: string): string | undefined {
  if (expression.trim().split(/\s+/).length !== 5) return 'it does not have five fields';
  try {
    new Cron(expression, { paused: true });
    return undefined;
  } catch (thrown) {
    const words = typeof thrown === 'object' && thrown !== null && 'message' in thrown ? String(thrown.message) : 'cannot be read';
    return words.replace(/^CronPattern: /, '');
  }
}

/** True for IANA names that this Node knows, and UTC. Offsets such as +02:00 are refused: they do not know about summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
