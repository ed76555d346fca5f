/** Reads the files of a folder whose stamp has changed. What could not be read is said, and its last good documents stay. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cutDocuments, digestOf, readDocument, type FolderDocument } from './documents.ts';

export interface FolderLimits {
  readonly maxFiles: number;
  readonly maxDepth: number;
  readonly maxFileBytes: number;
  readonly maxObjects: number;
  readonly maxProblems: number;
}

export const FOLDER_LIMITS: FolderLimits = {
  maxFiles: 50_000,
  maxDepth: 8,
  maxFileBytes: 64 * 1024 * 1024,
  maxObjects: 100_000,
  maxProblems: 1_000,
};

export interface FolderFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly stamp: string;
  readonly mode: number;
  readonly documents: readonly FolderDocument[];
  /** In words, where the file itself could not be read: `documents` are those of the last reading. */
  readonly fault?: string;
}

/** `folderGone`: there is no such folder (any more). `more`: files beyond the limit were left out. `unsettled`: a file changed while it was read. */
export interface Scan {
  readonly files: ReadonlyMap<string, FolderFile>;
  readonly folderGone: boolean;
  readonly more: boolean;
  readonly unsettled: boolean;
}

export const EMPTY_SCAN: Scan = { files: new Map(), folderGone: false, more: false, unsettled: false };

/** Names that begin with a dot are editors' swap files, `.git`, and the hidden half of a mounted ConfigMap. */
const isHidden = (name: string): boolean => name.startsWith('.');
const isObjectFile = (name: string): boolean => /\.(ya?ml|json)$/i.test(name);

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'cannot be read';

interface Listing {
  readonly paths: string[];
  more: boolean;
}

async function listFiles(folder: string, limits: FolderLimits, depth: number, listing: Listing): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !isHidden(name)).sort();
  for (const name of names) {
    if (listing.paths.length >= limits.maxFiles) {
      listing.more = true;
      return;
    }
    const path = join(folder, name);
    if (isObjectFile(name)) listing.paths.push(path);
    else if (depth < limits.maxDepth && (await isFolder(path))) await listFiles(path, limits, depth + 1, listing);
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // gone since it was listed, or a link that leads nowhere: no folder
  }
}

const stampOf = async (path: string): Promise<{ readonly stamp: string; readonly mode: number; readonly bytes: number }> => {
  const found = await stat(path, { bigint: true });
  if (!found.isFile()) throw Object.assign(new Error('not a file'), { code: 'it is not a file' });
  return {
    stamp: `${found.ino}:${found.size}:${found.mtimeNs}:${found.ctimeNs}`,
    mode: Number(found.mode) & 0o777,
    bytes: Number(found.size),
  };
};

/** Documents whose text is the same as before are the same objects as before. */
async function readDocuments(text: string, known: FolderFile | undefined): Promise<readonly FolderDocument[]> {
  const before = new Map(known?.documents.map((document) => [document.digest, document]));
  const documents: FolderDocument[] = [];
  let parsed = 0;
  for (const cut of cutDocuments(text)) {
    const digest = digestOf(cut.text);
    const same = before.get(digest);
    if (same === undefined) {
      parsed += 1;
      if (parsed % 50 === 0) await new Promise((resolve) => setImmediate(resolve)); // other loops run while thousands of documents are read
    }
    documents.push(same === undefined ? readDocument(cut, digest) : { ...same, line: cut.line });
  }
  return documents;
}

interface FileReading {
  readonly file: FolderFile;
  readonly unsettled: boolean;
}

async function readFolderFile(path: string, name: string, known: FolderFile | undefined, limits: FolderLimits): Promise<FileReading> {
  const faulty = (fault: string): FileReading => ({
    file: { path: name, stamp: '', mode: known?.mode ?? 0o600, documents: known?.documents ?? [], fault },
    unsettled: false,
  });
  try {
    const before = await stampOf(path);
    if (known !== undefined && known.stamp === before.stamp) return { file: known, unsettled: false };
    if (before.bytes > limits.maxFileBytes) return faulty(`it is larger than ${limits.maxFileBytes} bytes`);
    const text = await readFile(path, 'utf8');
    const documents = await readDocuments(text.replace(/^\uFEFF/, ''), known);
    const settled = (await stampOf(path)).stamp === before.stamp;
    if (!settled && known !== undefined) return { file: known, unsettled: true };
    return { file: { path: name, stamp: before.stamp, mode: before.mode, documents }, unsettled: !settled };
  } catch (thrown) {
    return faulty(codeOf(thrown));
  }
}

/** Reads what changed since `known`. Never throws for what is in the folder. */
export async function scanFolder(folder: string, known: Scan, limits: FolderLimits): Promise<Scan> {
  const listing: Listing = { paths: [], more: false };
  try {
    await listFiles(folder, limits, 0, listing);
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES') throw thrown;
    return { ...known, folderGone: true };
  }
  const files = new Map<string, FolderFile>();
  let unsettled = false;
  for (const path of listing.paths) {
    const name = relative(folder, path);
    const reading = await readFolderFile(path, name, known.files.get(name), limits);
    unsettled = unsettled || reading.unsettled;
    files.set(name, reading.file);
  }
  return { files, folderGone: false, more: listing.more, unsettled };
}
