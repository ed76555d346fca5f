import type { Migration } from '../migrate.ts';

/**
 * First tables: the last known fleet, one row per edge and per Application, and the hourly figures of a week. `data`, `facts` and
 * `connection` are JSON of the port's shapes: they are read as a whole and never asked by part, and a field that a later version adds
 * is simply absent in older rows.
 */
export const LAST_KNOWN: Migration = {
  version: 1,
  statements: [
    `CREATE TABLE edge (
       edge TEXT NOT NULL PRIMARY KEY,
       read_at INTEGER,
       facts TEXT NOT NULL,
       connection TEXT,
       connectivity TEXT
     ) WITHOUT ROWID`,
    `CREATE TABLE application (
       edge TEXT NOT NULL,
       namespace TEXT NOT NULL,
       name TEXT NOT NULL,
       data TEXT NOT NULL,
       observed_at INTEGER,
       edge_clock INTEGER,
       PRIMARY KEY (edge, namespace, name)
     ) WITHOUT ROWID`,
    'CREATE TABLE hourly (hour INTEGER NOT NULL PRIMARY KEY, figures TEXT NOT NULL)',
  ],
};
