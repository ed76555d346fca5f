import type { DatabaseSync } from 'node:sqlite';

/** One step of the schema, never edited after release. `PRAGMA user_version` names the last step a file has taken. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}

/** The schema version of a file; 0 for a new one. */
export function schemaVersion(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get();
  return Number(row?.['user_version'] ?? 0);
}

/** Takes the steps that are missing, each in a transaction of its own: a kill between two leaves a file of the older version, whole. */
export function migrate(database: DatabaseSync, migrations: readonly Migration[]): void {
  const from = schemaVersion(database);
  for (const migration of migrations.filter(({ version }) => version > from)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const statement of migration.statements) database.exec(statement);
      database.exec(`PRAGMA user_version = ${migration.version}`);
      database.exec('COMMIT');
    } catch (thrown) {
      database.exec('ROLLBACK');
      throw thrown;
    }
  }
}
