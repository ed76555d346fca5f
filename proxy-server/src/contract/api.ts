/** What else the HTTP API answers: its configuration, problems, and the events of the stream. */
import { z } from 'zod';
import { ApplicationGroup, Facet } from './fleet.ts';

export const API_PATH = '/api/v1';
/** Grows when an answer changes in a way that an older extension would misread. */
export const API_REVISION = 1;

const decision = z.union([
  z.object({ allowed: z.literal(true) }),
  z.object({ allowed: z.literal(false), reason: z.string(), missingLine: z.string() }),
]);

export const Problem = z
  .looseObject({
    type: z.string().meta({ description: 'Stable URI of the kind of problem' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What a person reads' }),
    instance: z.string().meta({ description: 'Id of the request, also in the log' }),
    edge: z.string().exactOptional(),
    reason: z.string().exactOptional().meta({ description: 'Class of the failed request to an edge' }),
    missingLine: z.string().exactOptional().meta({ description: 'The line of policy that would allow it' }),
    position: z.number().int().exactOptional().meta({ description: 'Where in the query the error is, from 0' }),
    fields: z.array(z.object({ field: z.string(), message: z.string() })).exactOptional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' });
export type Problem = z.infer<typeof Problem>;

export const ApiConfig = z
  .object({
    version: z.string(),
    apiRevision: z.number().int(),
    user: z.object({
      username: z.string(),
      subject: z.string(),
      scopes: z.array(z.string()),
      idBelieved: z.boolean().meta({ description: 'The subject is the id of the user: the hub is known to be 3.2 or later' }),
    }),
    anchor: z.object({ namespace: z.string(), name: z.string(), project: z.string() }),
    features: z.object({ stream: z.boolean(), passThrough: z.boolean(), actions: z.boolean(), products: z.array(z.string()) }),
    pollIntervalMs: z.number().int().meta({ description: 'How often to ask where the stream does not work' }),
    configProblems: z.number().int(),
  })
  .meta({ id: 'ApiConfig' });
export type ApiConfig = z.infer<typeof ApiConfig>;

export const MatchingRows = z
  .object({ revision: z.number().int(), membership: z.string(), rows: z.array(z.number().int()) })
  .meta({ id: 'MatchingRows', description: 'Row numbers of the edges that match, ascending' });

export const ApplicationGroups = z
  .object({ revision: z.number().int(), items: z.array(ApplicationGroup) })
  .meta({ id: 'ApplicationGroups' });
export const Facets = z.object({ revision: z.number().int(), items: z.array(Facet) }).meta({ id: 'Facets' });

export const ConfigProblems = z
  .object({
    items: z.array(
      z.object({
        where: z.string(),
        object: z.string(),
        field: z.string(),
        value: z.string().exactOptional(),
        remedy: z.string(),
        severity: z.enum(['error', 'warning']),
      }),
    ),
  })
  .meta({ id: 'ConfigProblems', description: 'What is wrong with the objects that configure the fleet' });

export const ProbeAnswer = z.object({ asked: z.boolean(), detail: z.string() }).meta({
  id: 'ProbeAnswer',
  description: 'What comes of it shows in the fleet. asked is false where the edge may not be asked again yet',
});

export const CanI = z.object({ action: z.string(), decision }).meta({ id: 'CanI' });

/** Events of `/stream`; the id of each is the revision up to which the reader is current. */
export const StreamHello = z
  .object({ revision: z.number().int(), membership: z.string(), now: z.number(), heartbeatMs: z.number().int(), resumed: z.boolean() })
  .meta({
    id: 'StreamHello',
    description: 'First event. resumed is false where the deltas since the asked revision are no longer kept: a snapshot follows',
  });
export const StreamMembers = z
  .object({ revision: z.number().int(), membership: z.string() })
  .meta({ id: 'StreamMembers', description: 'Edges came or went: ask for overview/members; a snapshot follows' });
export const StreamEdge = z
  .object({ revision: z.number().int(), edge: z.string() })
  .meta({ id: 'StreamEdge', description: 'Something of this edge changed: ask for what is on screen again' });
