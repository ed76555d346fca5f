/** What lists take in the query of their URL. */
import { z } from 'zod';
import type { Result } from '../../domain/result.ts';
import type { QueryError } from '../../domain/query.ts';
import type { ListRequest } from '../../ports/fleet-reader.ts';
import { invalidQuery } from '../problem.ts';

/** Longer than any query that the parser takes: it, not we, says where a long one goes wrong. */
const MAX_QUERY_CHARS = 8_192;
const MAX_SORT_FIELDS = 8;
const DEFAULT_LIMIT = 100;

export const QueryText = z.string().max(MAX_QUERY_CHARS).default('');
export const Sort = z
  .string()
  .max(512)
  .default('')
  .transform((text) => text.split(',').filter((field) => field !== ''))
  .pipe(z.array(z.string()).max(MAX_SORT_FIELDS));

export const DnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'is not the name of an edge');
export const ObjectName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, 'is not a name in Kubernetes');

/** The shape of a list's query; `maxLimit` is the configured page size. */
export const listQuery = (maxLimit: number) =>
  z.object({
    query: QueryText,
    sort: Sort,
    limit: z
      .string()
      .regex(/^[0-9]{1,6}$/)
      .transform(Number)
      .pipe(z.number().min(1).max(maxLimit))
      .default(Math.min(DEFAULT_LIMIT, maxLimit)),
    cursor: z.string().max(4_096).optional(),
  });

export function toListRequest(parsed: z.infer<ReturnType<typeof listQuery>>): ListRequest {
  const { query, sort, limit, cursor } = parsed;
  return { query, sort, limit, ...(cursor === undefined ? {} : { cursor }) };
}

/** The value, or the 400 problem with the place of the error. */
export function orInvalidQuery<T>(result: Result<T, QueryError>): T {
  if (!result.ok) throw invalidQuery(result.error);
  return result.value;
}

/** A query that a route narrows to one edge. The user's part stands first, so that places of errors stay true. */
export const onEdge = (query: string, edge: string): string => `${query} name:${edge}`.trim();
