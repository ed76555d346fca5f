/** The audit, newest first, as JSON and as CSV. Lines about Applications that the asker may not see are left out, but their own are not. */
import { Router, type Response } from 'express';
import { AuditPage } from '../../contract/actions.ts';
import { sightText, type StoredAuditEntry } from '../../domain/audit.ts';
import { parseEdgeId } from '../../domain/ids.ts';
import { isOnlyCounts } from '../action-selection.ts';
import type { AuditLog, AuditQuery } from '../../ports/audit-log.ts';
import type { ObjectStore } from '../../ports/object-store.ts';
import { parse } from '../problem.ts';
import type { Asker, RequestContexts } from '../request-context.ts';
import { sendJson } from '../send-json.ts';
import { csvCell, type Column } from './export.ts';

export const AUDIT_COLUMNS: readonly Column<StoredAuditEntry>[] = [
  ['id', (line) => line.id],
  ['at', (line) => new Date(line.at).toISOString()],
  ['username', (line) => line.username],
  ['subject', (line) => line.subject],
  ['claimed-groups', (line) => line.claimedGroups.join(' ')],
  ['action', (line) => line.action],
  ['outcome', (line) => line.outcome],
  ['edge', (line) => line.edge],
  ['namespace', (line) => line.namespace],
  ['application', (line) => line.application],
  ['project', (line) => line.project],
  ['reason', (line) => line.reason],
  ['message', (line) => line.message],
  ['before', (line) => sightText(line.before)],
  ['after', (line) => sightText(line.after)],
  ['run', (line) => line.run],
];

const PAGE = 1_000;

function mayRead(objects: ObjectStore, { identity, visibility }: Asker, line: StoredAuditEntry): boolean {
  if (visibility.all || line.subject === identity.subject) return true;
  const id = parseEdgeId(line.edge);
  const labels = (id === undefined ? undefined : objects.current().edges.get(id)?.labels) ?? {};
  return line.edge !== '' && visibility.application(line.edge, labels, line.project, line.namespace, line.application);
}

/** Only counts leave the row of such an edge: who did what stays, what it was done to and how that looked does not. */
function readable(objects: ObjectStore, line: StoredAuditEntry): StoredAuditEntry {
  if (!isOnlyCounts(objects, line.edge)) return line;
  const { before: _before, after: _after, ...rest } = line;
  return { ...rest, namespace: '', application: '', project: '', message: '' };
}

const linesFor =
  (objects: ObjectStore, asker: Asker) =>
  (lines: readonly StoredAuditEntry[]): readonly StoredAuditEntry[] =>
    lines.filter((line) => mayRead(objects, asker, line)).map((line) => readable(objects, line));

async function sendCsv(res: Response, pages: AsyncIterable<readonly StoredAuditEntry[]>): Promise<void> {
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  res.setHeader('content-type', 'text/csv; charset=utf-8');
  res.setHeader('content-disposition', 'attachment; filename="audit.csv"');
  res.setHeader('cache-control', 'no-store, no-transform');
  res.setHeader('x-content-type-options', 'nosniff');
  res.write(line(AUDIT_COLUMNS.map(([heading]) => heading)));
  for await (const page of pages) {
    if (res.destroyed) return;
    res.write(page.map((entry) => line(AUDIT_COLUMNS.map(([, cell]) => csvCell(cell(entry))))).join(''));
    await new Promise((resolve) => setImmediate(resolve));
  }
  res.end();
}

async function* allPages(audit: AuditLog, query: AuditQuery): AsyncGenerator<readonly StoredAuditEntry[]> {
  let before = query.before;
  for (;;) {
    const page = await audit.list({ ...query, limit: PAGE, ...(before === undefined ? {} : { before }) });
    yield page;
    before = page.at(-1)?.id;
    if (before === undefined || page.length < PAGE) return;
  }
}

async function* each<T>(pages: AsyncIterable<T>, to: (page: T) => T): AsyncGenerator<T> {
  for await (const page of pages) yield to(page);
}

export function auditRoutes(audit: AuditLog, objects: ObjectStore, contexts: RequestContexts): Router {
  return Router()
    .get('/audit', async (req, res) => {
      const asker = contexts.asker(req);
      const query = parse(AuditPage, req.query);
      const page = await audit.list(query);
      const items = linesFor(objects, asker)(page);
      const last = page.at(-1)?.id;
      return sendJson(req, res, { items, ...(page.length < query.limit || last === undefined ? {} : { before: last }) });
    })
    .get('/audit.csv', (req, res) => {
      const asker = contexts.asker(req);
      return sendCsv(res, each(allPages(audit, parse(AuditPage, req.query)), linesFor(objects, asker)));
    });
}
