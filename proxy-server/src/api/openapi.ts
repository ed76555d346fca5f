/** The OpenAPI document, made from the same schemas that the answers are tested against. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathItemObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { API_PATH, ApiConfig, ApplicationGroups, CanI, ConfigProblems, Facets, MatchingRows, ProbeAnswer, Problem, StreamEdge, StreamHello, StreamMembers } from '../contract/api.ts'; // prettier-ignore
import { ApplicationDetail, ApplicationPage, DictionaryColumn, EdgeDetail, EdgePage, FleetDelta, FleetMembers, FleetOverview } from '../contract/fleet.ts'; // prettier-ignore
import { GROUP_FIELDS } from '../ports/fleet-reader.ts';
import { RIGHTS_ACTIONS } from '../ports/rights.ts';
import { ACTION_OPERATIONS, type ActionOperation } from './openapi-actions.ts';
import { PASS_THROUGH_RULES } from './pass-through-rules.ts';

const text = z.string();
const edge = text.meta({ description: 'Name of the edge' });
const query = {
  query: text.optional().meta({ description: 'region:north look:degraded version:pos<4.11 read-age>2h !lifecycle:parked text' }),
};
const sort = { sort: text.optional().meta({ description: 'Fields with commas between, - in front for descending' }) };
const list = { ...query, ...sort, limit: z.number().int().optional(), cursor: text.optional() };
const format = { format: z.enum(['csv', 'json']).optional() };

export interface Question {
  readonly summary: string;
  readonly answer: z.ZodType;
  readonly path?: z.ZodRawShape;
  readonly query?: z.ZodRawShape;
  readonly mediaType?: string;
}

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: Problem } } });

function operation({ summary, answer, path, query: parameters, mediaType = 'application/json' }: Question): ZodOpenApiOperationObject {
  return {
    summary,
    requestParams: {
      ...(path === undefined ? {} : { path: z.object(path) }),
      ...(parameters === undefined ? {} : { query: z.object(parameters) }),
    },
    responses: {
      '200': { description: 'The answer', content: { [mediaType]: { schema: answer } } },
      '400': problem('The request or its query cannot be read'),
      '401': problem('Not through the hub, or without its secret'),
      '404': problem('Not there, or not for this user to see'),
      '503': problem('proxy-server is starting'),
    },
  };
}

const REFUSALS: Readonly<Record<403 | 409 | 413, string>> = {
  403: 'Not allowed; missingLine is what would allow it',
  409: 'So many are meant that their number must be sent along as confirm',
  413: 'More than may be acted on at once',
};

function actionOperation({
  method,
  path: _path,
  pathParameters,
  body,
  refusals = [],
  ...asked
}: ActionOperation): ZodOpenApiOperationObject {
  const plain = operation({ ...asked, ...(pathParameters === undefined ? {} : { path: pathParameters }) });
  const refused = refusals.map((status) => [String(status), problem(REFUSALS[status])]);
  const onlyJson = { '415': problem('Not Content-Type: application/json') };
  return {
    ...plain,
    ...(body === undefined ? {} : { requestBody: { content: { 'application/json': { schema: body } } } }),
    responses: { ...plain.responses, ...Object.fromEntries(refused), ...(method === 'post' ? onlyJson : {}) },
  };
}

function actionPaths(): ZodOpenApiPathsObject {
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  for (const asked of ACTION_OPERATIONS) {
    const path = `${API_PATH}${asked.path}`;
    paths[path] = { ...paths[path], [asked.method]: actionOperation(asked) };
  }
  return paths;
}

const onApplication = { edge, namespace: text, name: text };

/** Every question but those of the pass-through, by path below `/api/v1`. */
export const API_QUESTIONS: Readonly<Record<string, Question>> = {
  '/config': { summary: 'Who asks, and what is there', answer: ApiConfig },
  '/overview': { summary: 'The whole fleet in columns', answer: FleetOverview },
  '/overview/members': { summary: 'Names and labels by row', answer: FleetMembers },
  '/overview/columns/{field}': {
    summary: 'One more column: version:<product>, argocd-version, a label',
    answer: DictionaryColumn,
    path: { field: text },
  },
  '/overview/rows': { summary: 'Rows that match a query', answer: MatchingRows, query },
  '/facets': { summary: 'Values of fields with their counts', answer: Facets, query },
  '/edges': { summary: 'Edges, page by page', answer: EdgePage, query: list },
  '/edges/{edge}': { summary: 'One edge', answer: EdgeDetail, path: { edge } },
  '/edges/{edge}/applications': { summary: 'Applications of one edge', answer: ApplicationPage, path: { edge }, query: list },
  '/edges/{edge}/applications/{namespace}/{name}': { summary: 'One Application', answer: ApplicationDetail, path: onApplication },
  '/applications': { summary: 'Applications of the whole fleet, page by page', answer: ApplicationPage, query: list },
  '/applications/groups': {
    summary: 'Applications by what they share',
    answer: ApplicationGroups,
    query: { ...query, by: z.enum(GROUP_FIELDS) },
  },
  '/export/edges': { summary: 'Edges as a file', answer: text, query: { ...query, ...sort, ...format }, mediaType: 'text/csv' },
  '/export/applications': {
    summary: 'Applications as a file',
    answer: text,
    query: { ...query, ...sort, ...format },
    mediaType: 'text/csv',
  },
  '/problems': { summary: 'What is wrong with the configuration', answer: ConfigProblems },
  '/can-i': {
    summary: 'Whether the user may do something, or why not',
    answer: CanI,
    query: {
      action: z.enum(RIGHTS_ACTIONS),
      resource: z.enum(['edges', 'applications', 'logs']).optional(),
      edge,
      namespace: text.optional(),
      application: text.optional(),
    },
  },
  '/openapi.json': { summary: 'This document', answer: z.looseObject({}) },
};

const streamOperation = (): ZodOpenApiOperationObject => ({
  summary: 'The fleet as events: hello, snapshot, delta, members, edge',
  description: 'Server-sent events, to be read by fetch. The id of an event is a revision; the stream resumes after it.',
  requestParams: {
    query: z.object({
      topics: text.optional().meta({ description: 'fleet, edge:<name>, with commas between' }),
      after: z.number().int().optional(),
    }),
    header: z.object({ 'Last-Event-ID': text.optional() }),
  },
  responses: {
    '200': {
      description: 'Data of the events, one of',
      content: { 'text/event-stream': { schema: z.union([StreamHello, FleetOverview, FleetDelta, StreamMembers, StreamEdge]) } },
    },
    '401': problem('Not through the hub, or without its secret'),
    '429': problem('Too many streams are open'),
  },
});

const probeOperation = (): ZodOpenApiOperationObject => ({
  ...operation({ summary: 'Try now: ask an edge at once', answer: ProbeAnswer, path: { edge } }),
});

/** Path parameters are those in braces of the rule. */
function passThroughPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const rule of PASS_THROUGH_RULES) {
    const names = [...rule.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
    const parameters = Object.fromEntries(
      ['appNamespace', ...rule.query].map((name) => [name, name === 'appNamespace' ? text : text.optional()]),
    );
    const path = Object.fromEntries(['edge', ...names].map((name) => [name, text]));
    const asked = operation({ summary: rule.what, answer: z.looseObject({}), path, query: parameters });
    paths[`${API_PATH}/edges/{edge}/argocd${rule.path}`] = {
      get: {
        ...asked,
        responses: {
          ...asked.responses,
          '403': problem('Not allowed'),
          '424': problem('The edge did not answer as it must'),
          '429': problem('Too many at once'),
        },
      },
    };
  }
  return paths;
}

export function createOpenApi(version: string): unknown {
  const paths: ZodOpenApiPathsObject = {};
  for (const [path, question] of Object.entries(API_QUESTIONS)) paths[`${API_PATH}${path}`] = { get: operation(question) };
  paths[`${API_PATH}/stream`] = { get: streamOperation() };
  paths[`${API_PATH}/edges/{edge}/probe`] = { post: probeOperation() };
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Edge Fleet',
      version,
      description: "Reached through the proxy extension of the hub's Argo CD, which proves who asks.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/extensions/edge-fleet' }],
    paths: { ...paths, ...actionPaths(), ...passThroughPaths() },
  });
}
