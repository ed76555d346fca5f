/**
 * Lists as files: exactly what the query selects, page by page, so that a fleet of any size costs one page of memory. In CSV a cell that a
 * spreadsheet would run as a formula gets an apostrophe in front.
 */
import { Router, type Response } from 'express';
import { once } from 'node:events';
import { z } from 'zod';
import type { ApplicationRow, EdgeRow, Page } from '../../domain/fleet-view.ts';
import type { QueryError } from '../../domain/query.ts';
import type { Result } from '../../domain/result.ts';
import type { FleetReader, ListRequest } from '../../ports/fleet-reader.ts';
import { parse } from '../problem.ts';
import type { RequestContexts } from '../request-context.ts';
import { orInvalidQuery, QueryText, Sort } from './list-request.ts';

const Export = z.object({ query: QueryText, sort: Sort, format: z.enum(['csv', 'json']).default('csv') });
type Format = z.infer<typeof Export>['format'];

const PAGE_SIZE = 500;

/** A column of the file: its heading, and the cell of one row. */
export type Column<Row> = readonly [heading: string, cell: (row: Row) => string | number | boolean | undefined];

const time = (at: number | undefined): string | undefined => (at === undefined ? undefined : new Date(at).toISOString());
const pairs = (values: Readonly<Record<string, string>>): string => Object.entries(values).map(([key, value]) => `${key}=${value}`).join('; '); // prettier-ignore

export const EDGE_COLUMNS: readonly Column<EdgeRow>[] = [
  ['name', (row) => row.name],
  ['display-name', (row) => row.displayName],
  ['lifecycle', (row) => row.lifecycle],
  ['state', (row) => row.state],
  ['look', (row) => row.look],
  ['sync', (row) => row.sync],
  ['connection', (row) => row.connection],
  ['reason', (row) => row.reason],
  ['connection-since', (row) => time(row.connectionSince)],
  ['freshness', (row) => row.freshness],
  ['read-at', (row) => time(row.readAt)],
  ['applications', (row) => row.applications],
  ['out-of-sync', (row) => row.outOfSync],
  ['argocd-version', (row) => row.argocdVersion],
  ['connector', (row) => row.connector],
  ['access', (row) => row.access],
  ['versions', (row) => pairs(row.versions)],
  ['labels', (row) => pairs(row.labels)],
];

export const APPLICATION_COLUMNS: readonly Column<ApplicationRow>[] = [
  ['edge', (row) => row.edge],
  ['edge-state', (row) => row.edgeState],
  ['namespace', (row) => row.namespace],
  ['application', (row) => row.name],
  ['project', (row) => row.project],
  ['product', (row) => row.product],
  ['version', (row) => row.version],
  ['look', (row) => row.look],
  ['health', (row) => row.health],
  ['judged', (row) => row.judged],
  ['unjudged-reason', (row) => row.unjudgedReason],
  ['sync', (row) => row.sync],
  ['operation', (row) => row.operation.state],
  ['message', (row) => row.message],
  ['health-since', (row) => time(row.healthSince)],
  ['read-at', (row) => time(row.readAt)],
  ['observed-at', (row) => time(row.observedAt)],
  ['auto-sync', (row) => row.autoSync],
];

/** One cell. Spreadsheets run what begins with one of these characters (OWASP, CSV injection). */
export function csvCell(value: string | number | boolean | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const harmless = /^\s*[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n;']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

interface Writer<Row> {
  readonly head: string;
  readonly rows: (rows: readonly Row[], first: boolean) => string;
  readonly foot: string;
}

function writerOf<Row>(format: Format, columns: readonly Column<Row>[]): Writer<Row> {
  if (format === 'json') {
    return {
      head: '[',
      rows: (rows, first) => rows.map((row, index) => `${first && index === 0 ? '\n' : ',\n'}${JSON.stringify(row)}`).join(''),
      foot: '\n]\n',
    };
  }
  const line = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
  return {
    head: line(columns.map(([heading]) => heading)),
    rows: (rows) => rows.map((row) => line(columns.map(([, cell]) => csvCell(cell(row))))).join(''),
    foot: '',
  };
}

type ReadPage<Row> = (request: ListRequest) => Result<Page<Row>, QueryError>;

async function sendList<Row>(
  res: Response,
  read: ReadPage<Row>,
  list: z.infer<typeof Export>,
  file: { readonly name: string; readonly columns: readonly Column<Row>[] },
): Promise<void> {
  const writer = writerOf(list.format, file.columns);
  const pageAfter = (cursor: string | undefined): Page<Row> =>
    orInvalidQuery(read({ query: list.query, sort: list.sort, limit: PAGE_SIZE, ...(cursor === undefined ? {} : { cursor }) }));
  let page = pageAfter(undefined); // before the first byte, so that a bad query is still a problem
  res.setHeader('content-type', list.format === 'csv' ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8');
  res.setHeader('content-disposition', `attachment; filename="${file.name}.${list.format}"`);
  res.setHeader('cache-control', 'no-store, no-transform');
  res.setHeader('x-content-type-options', 'nosniff');
  res.write(writer.head + writer.rows(page.items, true));
  while (page.cursor !== undefined && !res.destroyed) {
    if (res.writableNeedDrain) await Promise.race([once(res, 'drain'), once(res, 'close')]);
    page = pageAfter(page.cursor);
    res.write(writer.rows(page.items, false));
    await new Promise((resolve) => setImmediate(resolve));
  }
  res.end(writer.foot);
}

export function exportRoutes(fleet: FleetReader, contexts: RequestContexts): Router {
  return Router()
    .get('/export/edges', (req, res) => {
      const { visibility } = contexts.asker(req);
      return sendList(res, (request) => fleet.edges(visibility, request), parse(Export, req.query), {
        name: 'edges',
        columns: EDGE_COLUMNS,
      });
    })
    .get('/export/applications', (req, res) => {
      const { visibility } = contexts.asker(req);
      const file = { name: 'applications', columns: APPLICATION_COLUMNS };
      return sendList(res, (request) => fleet.applications(visibility, request), parse(Export, req.query), file);
    });
}
