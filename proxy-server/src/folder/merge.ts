/**
 * Files to one snapshot. Pure but for what it is given. An object that did not change keeps its identity; one that went bad keeps its last
 * good form; of two with one name the first file in order wins; everything that is wrong is named.
 */
import type { FleetObject } from '../contract/kind-parser.ts';
import type { KindProblem } from '../contract/kind-problem.ts';
import { emptyObjectSet, putObject } from '../contract/object-set.ts';
import { referenceProblems, skipsVerifyAbroad } from '../contract/references.ts';
import type { ConfigProblem, ConfigSnapshot } from '../ports/object-store.ts';
import { lineOfField, type FolderDocument } from './documents.ts';
import type { FolderFile, FolderLimits, Scan } from './scan.ts';

/** An object in use, and the document it came from. */
export interface Held {
  readonly object: FleetObject;
  readonly digest: string;
  readonly file: string;
  readonly document: FolderDocument;
}

export interface Merged {
  readonly held: ReadonlyMap<string, Held>;
  readonly snapshot: ConfigSnapshot;
}

interface Place {
  readonly file: string;
  readonly document?: FolderDocument;
}

/** Where a problem lies: `north.yaml:12`. Looking up the line costs a second parse, so it is done for problems alone. */
function toProblem(problem: KindProblem, { file, document }: Place): ConfigProblem {
  const { object, field, value, remedy, severity } = problem;
  const where = document === undefined ? file : `${file}:${lineOfField(document, problem.path)}`;
  return { where, object, field, ...(value === undefined ? {} : { value }), remedy, severity };
}

/**
 * A number that grows with each change of an Edge, as metadata.generation does. While `identity: AcceptNext` stays as it is the number stays
 * too: in a folder AcceptNext holds once per change of that field.
 */
function withGeneration(object: FleetObject, before: FleetObject | undefined): FleetObject {
  if (object.kind !== 'Edge' || before?.kind !== 'Edge') return object;
  const same = object.edge.identity === 'AcceptNext' && before.edge.identity === 'AcceptNext';
  return { ...object, edge: { ...object.edge, generation: before.edge.generation + (same ? 0 : 1) } };
}

class Merge {
  readonly held = new Map<string, Held>();
  readonly problems: ConfigProblem[] = [];
  readonly #before: ReadonlyMap<string, Held>;
  readonly #limits: FolderLimits;
  #unnamed = 0;

  constructor(before: ReadonlyMap<string, Held>, limits: FolderLimits) {
    this.#before = before;
    this.#limits = limits;
  }

  report(problem: KindProblem, place: Place): void {
    if (this.problems.length < this.#limits.maxProblems) this.problems.push(toProblem(problem, place));
    else this.#unnamed += 1;
  }

  add(file: FolderFile): void {
    if (file.fault !== undefined) {
      const remedy = `Make the file readable: ${file.fault}. What was read of it before stays in use`;
      this.report({ object: 'file', field: 'file', path: [], remedy, severity: 'error' }, { file: file.path });
    }
    for (const document of file.documents) this.#addDocument(file, document);
    if (
      file.documents.some((document) => document.key === undefined && document.problems.some((problem) => problem.severity === 'error'))
    ) {
      this.#keepOthersOf(file);
    }
    this.#checkMode(file);
  }

  #addDocument(file: FolderFile, document: FolderDocument): void {
    const place = { file: file.path, document };
    for (const problem of document.problems) this.report(problem, place);
    const { key, object } = document;
    if (key === undefined) return;
    const other = this.held.get(key);
    const before = this.#before.get(key);
    if (other !== undefined) {
      const remedy = `Keep one of the two: ${other.file}:${other.document.line} has the same kind and name, and is used`;
      this.report({ object: key.replace('/', ' '), field: 'metadata.name', path: ['metadata', 'name'], remedy, severity: 'error' }, place);
    } else if (object === undefined) {
      if (before !== undefined) this.held.set(key, before);
    } else if (before?.digest === document.digest) this.held.set(key, { ...before, file: file.path, document });
    else this.#hold(key, { object: withGeneration(object, before?.object), digest: document.digest, file: file.path, document });
  }

  #hold(key: string, held: Held): void {
    if (this.held.size < this.#limits.maxObjects) {
      this.held.set(key, held);
      return;
    }
    const remedy = `Take objects away: ${this.#limits.maxObjects} are read and no more`;
    this.report({ object: key.replace('/', ' '), field: 'metadata.name', path: [], remedy, severity: 'error' }, { file: held.file });
  }

  /** A document that cannot even be named may be any of those that this file held before. */
  #keepOthersOf(file: FolderFile): void {
    for (const [key, held] of this.#before) if (held.file === file.path && !this.held.has(key)) this.held.set(key, held);
  }

  #checkMode(file: FolderFile): void {
    const secret = file.documents.find((document) => document.object?.kind === 'Secret');
    if (secret === undefined || (file.mode & 0o077) === 0) return;
    const mode = `0${file.mode.toString(8)}`;
    const remedy = `Others on this machine can read its Secrets: chmod 600 ${file.path}`;
    this.report(
      { object: `Secret ${secret.object?.name ?? ''}`, field: 'file mode', path: [], value: mode, remedy, severity: 'warning' },
      { file: file.path },
    );
  }

  finish(): readonly ConfigProblem[] {
    if (this.#unnamed === 0) return this.problems;
    const remedy = `Mend the others first: ${this.#unnamed} more problems are not listed`;
    return [...this.problems, { where: 'folder', object: 'folder', field: 'problems', remedy, severity: 'warning' }];
  }
}

/** The snapshot of a scan, given what was in use before it. */
export function mergeScan(scan: Scan, before: ReadonlyMap<string, Held>, limits: FolderLimits): Merged {
  const merge = new Merge(before, limits);
  for (const file of scan.files.values()) merge.add(file);
  if (scan.folderGone) {
    const remedy = 'Put the folder back: what was read of it before stays in use';
    merge.report({ object: 'folder', field: 'folder', path: [], remedy, severity: 'error' }, { file: '.' });
  }
  if (scan.more) {
    const remedy = `Use fewer files: ${limits.maxFiles} are read and no more`;
    merge.report({ object: 'folder', field: 'files', path: [], remedy, severity: 'error' }, { file: '.' });
  }
  const objects = emptyObjectSet();
  for (const held of merge.held.values()) putObject(objects, held.object);
  for (const problem of referenceProblems(objects)) {
    const held = merge.held.get(problem.object.replace(' ', '/'));
    merge.report(problem, held === undefined ? { file: '.' } : { file: held.file, document: held.document });
  }
  for (const edge of objects.edges.values()) {
    if (skipsVerifyAbroad(edge, objects.connectors.get(edge.connector))) objects.edges.delete(edge.id);
  }
  return { held: merge.held, snapshot: { ...objects, problems: merge.finish() } };
}
