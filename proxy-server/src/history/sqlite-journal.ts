/**
 * The journal: intents of actions and the audit, in a SQLite file of its own, so that a damaged last known fleet never takes it along.
 * Every change is one transaction with synchronous FULL: what has resolved survives kill -9 and a power cut. Actions are made by people, so
 * the few milliseconds of a commit are spent on the main thread.
 */
import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { ActionKind, ActionRun, ActionSight, ActionTarget, TargetState } from '../domain/action.ts';
import { isCancellable, isFinal } from '../domain/action.ts';
import type { AuditEntry, StoredAuditEntry } from '../domain/audit.ts';
import type { ActionStore, AutoSyncOff, CancelledTarget, RunSummary, TargetPage } from '../ports/action-store.ts';
import type { AuditLog, AuditQuery } from '../ports/audit-log.ts';
import { JOURNAL } from './migrations/journal-0001-actions.ts';
import { openDatabase } from './open-database.ts';

export interface Journal {
  readonly actions: ActionStore;
  readonly audit: AuditLog;
  readonly notices: readonly string[];
  close(): void;
}

type Row = Readonly<Record<string, SQLOutputValue>>;

const UNDER_WAY = 'Another action on this Application is under way. Wait for its end, or stop it';

/** What was written here is what is read here: the shapes are the port's own, as JSON. */
function fromJson<T>(text: SQLOutputValue | undefined, isOurs: (value: unknown) => value is T): T {
  const value: unknown = JSON.parse(String(text));
  if (!isOurs(value)) throw new Error('a row of the journal cannot be read');
  return value;
}
const has = (value: unknown, name: string): boolean => typeof value === 'object' && value !== null && name in value;
const isRun = (value: unknown): value is ActionRun => has(value, 'spec') && has(value, 'by');
const isTarget = (value: unknown): value is ActionTarget => has(value, 'run') && has(value, 'state') && has(value, 'edge');
const isEntry = (value: unknown): value is AuditEntry => has(value, 'at') && has(value, 'outcome');

function toRun(row: Row): ActionRun {
  const run = fromJson(row['data'], isRun);
  if (row['stopped_at'] === null) return run;
  return { ...run, stoppedAt: Number(row['stopped_at']), stoppedBy: String(row['stopped_by']) };
}
const toTarget = (row: Row): ActionTarget => fromJson(row['data'], isTarget);

/** What is done to an operation, or only compares, stands beside what writes: a sync that hangs must be one that can be terminated. */
const LANE: Readonly<Record<ActionKind, string>> = {
  sync: '', rollback: '', autoSyncOn: '', terminate: '/terminate', refresh: '/refresh', hardRefresh: '/refresh',
}; // prettier-ignore

const holdsOf = (kind: ActionKind, { state, edge, namespace, name }: ActionTarget): string | null =>
  isFinal(state) ? null : `${edge}/${namespace}/${name}${LANE[kind]}`;

class SqliteJournal implements ActionStore, AuditLog {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#database.prepare(sql).all(...values);
  }

  #get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#database.prepare(sql).get(...values);
  }

  #run(sql: string, ...values: readonly SQLInputValue[]): number {
    return Number(this.#database.prepare(sql).run(...values).changes);
  }

  #transaction<T>(work: () => T): Promise<T> {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      this.#database.exec('COMMIT');
      return Promise.resolve(value);
    } catch (thrown) {
      this.#database.exec('ROLLBACK');
      throw thrown;
    }
  }

  #append(entry: AuditEntry): void {
    this.#run(
      'INSERT INTO audit (at, username, action, outcome, edge, application, run, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      entry.at, entry.username, entry.action, entry.outcome, entry.edge, entry.application, entry.run, JSON.stringify(entry),
    ); // prettier-ignore
  }

  #isHeld(kind: ActionKind, target: ActionTarget): boolean {
    const holds = holdsOf(kind, target);
    return holds !== null && this.#get('SELECT 1 FROM target WHERE holds = ?', holds) !== undefined;
  }

  async create(
    run: ActionRun,
    targets: readonly ActionTarget[],
    audit: (target: ActionTarget) => AuditEntry,
  ): Promise<readonly ActionTarget[]> {
    return this.#transaction(() => {
      this.#run('INSERT INTO run (id, created_at, data) VALUES (?, ?, ?)', run.id, run.createdAt, JSON.stringify(run));
      return targets.map((asked) => {
        const target: ActionTarget = this.#isHeld(run.spec.kind, asked) ? { ...asked, state: 'Refused', message: UNDER_WAY } : asked;
        this.#run(
          'INSERT INTO target (run, number, edge, namespace, name, state, holds, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
          target.run, target.index, target.edge, target.namespace, target.name, target.state, holdsOf(run.spec.kind, target), JSON.stringify(target),
        ); // prettier-ignore
        this.#append(audit(target));
        return target;
      });
    });
  }

  async run(id: string): Promise<ActionRun | undefined> {
    const row = this.#get('SELECT * FROM run WHERE id = ?', id);
    return Promise.resolve(row === undefined ? undefined : toRun(row));
  }

  async runs(limit: number, before?: number): Promise<readonly RunSummary[]> {
    const rows = this.#all(
      'SELECT * FROM run WHERE created_at < ? ORDER BY created_at DESC, id LIMIT ?',
      before ?? Number.MAX_SAFE_INTEGER,
      limit,
    );
    const summaries = rows.map((row) => {
      const run = toRun(row);
      return { run, counts: this.#counts(run.id) };
    });
    return Promise.resolve(summaries);
  }

  #counts(run: string): RunSummary['counts'] {
    const counts: Partial<Record<TargetState, number>> = {};
    for (const { state, n } of this.#all('SELECT state, count(*) AS n FROM target WHERE run = ? GROUP BY state', run)) {
      Object.assign(counts, { [String(state)]: Number(n) });
    }
    return counts;
  }

  async counts(run: string): Promise<RunSummary['counts']> {
    return Promise.resolve(this.#counts(run));
  }

  async targets(run: string, { limit, after = -1, state }: TargetPage): Promise<readonly ActionTarget[]> {
    const where = state === undefined ? '' : ' AND state = ?';
    const values = [run, after, ...(state === undefined ? [] : [state]), limit];
    return Promise.resolve(
      this.#all(`SELECT data FROM target WHERE run = ? AND number > ?${where} ORDER BY number LIMIT ?`, ...values).map(toTarget),
    );
  }

  async target(run: string, index: number): Promise<ActionTarget | undefined> {
    const row = this.#get('SELECT data FROM target WHERE run = ? AND number = ?', run, index);
    return Promise.resolve(row === undefined ? undefined : toTarget(row));
  }

  async open(): Promise<readonly ActionTarget[]> {
    return Promise.resolve(this.#all('SELECT data FROM target WHERE holds IS NOT NULL ORDER BY run, number').map(toTarget));
  }

  /** A target that has ended holds nothing, and is not written again. */
  #write(target: ActionTarget, audit: readonly AuditEntry[]): boolean {
    const values = [target.state, isFinal(target.state) ? 1 : 0, JSON.stringify(target), target.run, target.index];
    const sql = 'UPDATE target SET state = ?, holds = iif(?, NULL, holds), data = ? WHERE run = ? AND number = ? AND holds IS NOT NULL';
    if (this.#run(sql, ...values) === 0) return false;
    for (const entry of audit) this.#append(entry);
    return true;
  }

  async update(target: ActionTarget, audit?: AuditEntry): Promise<boolean> {
    return this.#transaction(() => this.#write(target, audit === undefined ? [] : [audit]));
  }

  async cancel(run: string, numbers: readonly number[], end: (target: ActionTarget) => CancelledTarget): Promise<readonly ActionTarget[]> {
    return this.#transaction(() =>
      numbers.flatMap((number) => {
        const row = this.#get('SELECT data FROM target WHERE run = ? AND number = ?', run, number);
        const found = row === undefined ? undefined : toTarget(row);
        if (found === undefined || !isCancellable(found.state)) return [];
        const { target, audit } = end(found);
        return this.#write(target, audit) ? [target] : [];
      }),
    );
  }

  async stop(run: string, by: string, at: number, audit: AuditEntry): Promise<boolean> {
    return this.#transaction(() => {
      const stopped = this.#run('UPDATE run SET stopped_at = ?, stopped_by = ? WHERE id = ? AND stopped_at IS NULL', at, by, run) > 0;
      if (stopped) this.#append(audit);
      return stopped;
    });
  }

  async autoSyncOff(edge: string, namespace: string, name: string): Promise<AutoSyncOff | undefined> {
    const rows = this.#all('SELECT target.data AS target, run.data AS data, run.stopped_at, run.stopped_by FROM target JOIN run ON run.id = target.run WHERE edge = ? AND namespace = ? AND name = ? ORDER BY run.created_at DESC LIMIT 100', edge, namespace, name); // prettier-ignore
    for (const row of rows) {
      const [run, target] = [toRun(row), fromJson(row['target'], isTarget)];
      if (run.spec.kind === 'autoSyncOn' && target.state === 'Succeeded') return undefined;
      if (run.spec.kind === 'rollback' && target.intent !== undefined && target.before?.autoSync === true)
        return { run, at: target.updatedAt };
    }
    return undefined;
  }

  async automatedBefore(edge: string, namespace: string, name: string): Promise<ActionSight['automated']> {
    const rows = this.#all('SELECT target.data FROM target JOIN run ON run.id = target.run WHERE edge = ? AND namespace = ? AND name = ? ORDER BY run.created_at DESC LIMIT 100', edge, namespace, name); // prettier-ignore
    const turnedOff = rows.map(toTarget).find(({ before, intent }) => intent !== undefined && before?.autoSync === true && before.automated !== undefined); // prettier-ignore
    return Promise.resolve(turnedOff?.before?.automated);
  }

  async record(entries: readonly AuditEntry[]): Promise<void> {
    return this.#transaction(() => {
      for (const entry of entries) this.#append(entry);
    });
  }

  async list(query: AuditQuery): Promise<readonly StoredAuditEntry[]> {
    const wheres: readonly (readonly [sql: string, value: string | number | undefined])[] = [
      ['id < ?', query.before], ['at >= ?', query.since], ['at < ?', query.until], ['username = ?', query.username], ['edge = ?', query.edge],
      ['application = ?', query.application], ['action = ?', query.action], ['outcome = ?', query.outcome], ['run = ?', query.run],
    ]; // prettier-ignore
    const asked = wheres.flatMap(([sql, value]) => (value === undefined ? [] : [{ sql, value }]));
    const where = ['1 = 1', ...asked.map(({ sql }) => sql)].join(' AND ');
    const rows = this.#all(
      `SELECT id, data FROM audit WHERE ${where} ORDER BY id DESC LIMIT ?`,
      ...asked.map(({ value }) => value),
      query.limit,
    );
    return Promise.resolve(rows.map((row) => ({ ...fromJson(row['data'], isEntry), id: Number(row['id']) })));
  }
}

/** Opens the journal, or sets a damaged one aside with words. Throws where the path cannot be written. */
export function openSqliteJournal(file: string, now: number): Journal {
  const { database, notices } = openDatabase(file, [JOURNAL], now);
  database.exec('PRAGMA synchronous = FULL');
  const journal = new SqliteJournal(database);
  return { actions: journal, audit: journal, notices: notices.map((notice) => notice.replace('the last known fleet starts empty', 'a new journal is begun').replace('The state file', 'The journal')), close: () => database.close() }; // prettier-ignore
}
