import type { Migration } from '../migrate.ts';

/**
 * Intents of actions, and the audit. Triggers keep the audit append-only whatever the program does. `holds` is the Application while a target has
 * not ended: its unique index is what makes one writer per Application.
 */
export const JOURNAL: Migration = {
  version: 1,
  statements: [
    `CREATE TABLE run (
       id TEXT NOT NULL PRIMARY KEY,
       created_at INTEGER NOT NULL,
       stopped_at INTEGER,
       stopped_by TEXT,
       data TEXT NOT NULL
     ) WITHOUT ROWID`,
    'CREATE INDEX run_by_time ON run (created_at)',
    `CREATE TABLE target (
       run TEXT NOT NULL,
       number INTEGER NOT NULL,
       edge TEXT NOT NULL,
       namespace TEXT NOT NULL,
       name TEXT NOT NULL,
       state TEXT NOT NULL,
       holds TEXT,
       data TEXT NOT NULL,
       PRIMARY KEY (run, number)
     ) WITHOUT ROWID`,
    'CREATE UNIQUE INDEX one_writer ON target (holds) WHERE holds IS NOT NULL',
    'CREATE INDEX target_by_application ON target (edge, namespace, name)',
    `CREATE TABLE audit (
       id INTEGER PRIMARY KEY AUTOINCREMENT,
       at INTEGER NOT NULL,
       username TEXT NOT NULL,
       action TEXT NOT NULL,
       outcome TEXT NOT NULL,
       edge TEXT NOT NULL,
       application TEXT NOT NULL,
       run TEXT NOT NULL,
       data TEXT NOT NULL
     )`,
    'CREATE INDEX audit_by_time ON audit (at)',
    'CREATE INDEX audit_by_edge ON audit (edge, application)',
    `CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END`,
    `CREATE TRIGGER audit_is_never_taken_away BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END`,
  ],
};
