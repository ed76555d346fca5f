/**
 * Opens the state file, or sets it aside with words and starts a new one. What is set aside is renamed beside the file and never
 * written again: it may be mended, or belong to a newer version that will be installed again tomorrow. Write-ahead log with
 * synchronous NORMAL: a killed process loses nothing it was told is written; a power cut may lose the last moments, never the file.
 */
import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { migrate, schemaVersion, type Migration } from './migrate.ts';

export interface OpenedDatabase {
  readonly database: DatabaseSync;
  readonly notices: readonly string[];
}

/** SQLite's result codes for a file that cannot be used as it is (sqlite.org/rescode.html). */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;
const BUSY_TIMEOUT_MS = 5_000;

/** True where the file itself is bad, as opposed to a full disk, a lock or a missing right. */
export function isDamage(thrown: unknown): boolean {
  if (typeof thrown !== 'object' || thrown === null || !('errcode' in thrown)) return false;
  const primary = Number(thrown.errcode) & 0xff;
  return primary === CORRUPT || primary === NOT_A_DATABASE;
}

/** Renames the file and its log; `why` becomes part of the name. Returns the new name. */
export function setAside(file: string, why: string, now: number): string {
  const aside = `${file}.${why}-${new Date(now).toISOString().replace(/[:.]/g, '-')}`;
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
  return aside;
}

function open(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec('PRAGMA temp_store = MEMORY');
    schemaVersion(database);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

function openOrSetAside(file: string, now: number): OpenedDatabase {
  try {
    return { database: open(file), notices: [] };
  } catch (thrown) {
    if (!isDamage(thrown)) throw thrown;
    const aside = setAside(file, 'damaged', now);
    return {
      database: open(file),
      notices: [`The state file was damaged and is set aside as ${aside}; the last known fleet starts empty.`],
    };
  }
}

/** Opens `file` at the newest schema. Throws where the path cannot be written or another process holds the file. */
export function openDatabase(file: string, migrations: readonly Migration[], now: number): OpenedDatabase {
  const newest = migrations.at(-1)?.version ?? 0;
  const opened = openOrSetAside(file, now);
  const found = schemaVersion(opened.database);
  if (found <= newest) {
    migrate(opened.database, migrations);
    const moved = found > 0 && found < newest;
    return moved ? { ...opened, notices: [...opened.notices, `The state file was moved from schema ${found} to ${newest}.`] } : opened;
  }
  opened.database.close();
  const aside = setAside(file, `newer-schema-${found}`, now);
  const fresh = open(file);
  migrate(fresh, migrations);
  return {
    database: fresh,
    notices: [`The state file has schema ${found}, this version knows ${newest}; it is set aside as ${aside} and not touched.`],
  };
}
