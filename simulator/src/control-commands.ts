/** The commands of the control port: what may be ordered, of which edges, and how it is done. */
import { z } from 'zod';
import { seedTokenId } from './argocd/tokens.ts';
import { AccountApiOrder, TunnelStatus, type AccountApi } from './front/account-api.ts';
import { Fault } from './front/faults.ts';
import type { Front } from './front/front.ts';
import { type Application, DEFAULT_GRPC_MAX_BYTES, type Edge } from './world/edge.ts';
import { CATALOG } from './world/catalog.ts';
import type { Life, Reach } from './world/life.ts';
import { create, release, remove, trouble } from './world/operations.ts';
import { shareOf } from './world/random.ts';
import { TROUBLES } from './world/trouble.ts';
import type { World } from './world/world.ts';

/** What can be ordered of a world, its front and its life. */
export interface ControlDeps {
  readonly world: World;
  readonly front: Front;
  readonly life: Life;
  readonly reach: Reach;
  readonly account: AccountApi;
}

/** Which edges: all that match everything said. `share` takes that part of them, the same ones for the same seed and salt. */
const Select = z.strictObject({
  all: z.literal(true).optional(),
  names: z.array(z.string()).max(100_000).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  connector: z.string().optional(),
  share: z.number().min(0).max(1).optional(),
  salt: z.string().default(''),
});
const Account = z.enum(['fleet', 'operator', 'teamb', 'nobody', 'admin']);
const isTrouble = (word: string): word is Application['trouble'] => Object.hasOwn(TROUBLES, word);
const Trouble = z.string().refine(isTrouble, 'Not a trouble of world/trouble.ts');

/** The edges a selection means, in the order of the world. Saying nothing selects nothing. */
export function selectEdges(world: World, select: z.infer<typeof Select>): Edge[] {
  const { all, names, labels, connector, share, salt } = select;
  if (all === undefined && names === undefined && labels === undefined && connector === undefined && share === undefined) return [];
  const wanted = names === undefined ? undefined : new Set(names);
  const matches = Object.entries(labels ?? {});
  return world.edges.filter(
    (edge) =>
      (wanted === undefined || wanted.has(edge.name)) &&
      (connector === undefined || edge.connector === connector) &&
      matches.every(([key, value]) => edge.labels[key] === value) &&
      (share === undefined || shareOf(world.seed, 'share', salt, edge.name) < share),
  );
}

function eachApplication(
  edges: readonly Edge[],
  wanted: (application: Application) => boolean,
  run: (application: Application) => void,
): void {
  for (const edge of edges) for (const application of edge.applications.filter(wanted)) run(application);
}

function setTokens(world: World, edges: readonly Edge[], { account, state }: { readonly account: string; readonly state: string }): void {
  for (const edge of edges) {
    const ids = [
      seedTokenId(world.seed, edge, account),
      ...[...edge.access.issued.values()].filter((token) => token.account === account).map((token) => token.id),
    ];
    for (const id of ids) {
      if (state === 'revoked') edge.access.revoked.add(id);
      else edge.access.revoked.delete(id);
      if (state === 'expired') edge.access.expired.add(id);
      else edge.access.expired.delete(id);
    }
  }
}

const toggle = (set: Set<string>, item: string, present: boolean): void => {
  if (present) set.add(item);
  else set.delete(item);
};

/** Runs one command on input that nobody has looked at: throws ZodError where it does not fit, answers the edges it was for. */
export type Command = (input: unknown) => readonly Edge[];

function worldCommands({ world, life, account }: ControlDeps): Readonly<Record<string, Command>> {
  const plain =
    <S extends z.ZodType>(schema: S, run: (input: z.infer<S>) => void): Command =>
    (input) => {
      run(schema.parse(input));
      return [];
    };
  return {
    accountApi: plain(AccountApiOrder, (input) => account.order(input)),
    life: plain(z.strictObject({ eventsPerSecond: z.number().min(0).max(100_000) }), (input) => life.setRate(input.eventsPerSecond)),
    speed: plain(z.strictObject({ speed: z.number().min(0).max(1_000_000) }), (input) => world.clock.setSpeed(input.speed)),
    advance: plain(z.strictObject({ ms: z.number().min(0) }), (input) => {
      world.clock.advance(input.ms);
      world.runDue();
    }),
  };
}

/** A command for selected edges: `fields` beside `select`. */
type OfEdges = <F extends z.ZodRawShape>(fields: F, run: (input: z.infer<z.ZodObject<F>>, edges: readonly Edge[]) => void) => Command;

function ofEdges(world: World): OfEdges {
  return (fields, run) => {
    const schema = z.strictObject(fields);
    return (input) => {
      const { select, ...rest } = z.looseObject({ select: Select }).parse(input);
      const edges = selectEdges(world, select);
      run(schema.parse(rest), edges);
      return edges;
    };
  };
}

function applicationCommands({ world }: ControlDeps, of: OfEdges): Readonly<Record<string, Command>> {
  return {
    trouble: of({ application: z.string().optional(), product: z.string().optional(), trouble: Trouble }, (input, edges) => {
      const wanted = ({ component }: Application): boolean =>
        (input.application === undefined || component.name === input.application) &&
        (input.product === undefined || component.product === input.product);
      eachApplication(edges, wanted, (application) => trouble(world, application, input.trouble));
    }),
    roll: of({ product: z.string(), version: z.string().min(1).max(100) }, (input, edges) =>
      eachApplication(
        edges,
        ({ component }) => component.product === input.product,
        (application) => release(world, application, input.version),
      ),
    ),
    delete: of({ application: z.string() }, (input, edges) =>
      eachApplication(
        edges,
        ({ component }) => component.name === input.application,
        (application) => remove(world, application),
      ),
    ),
    create: of({ application: z.string() }, (input, edges) =>
      edges.forEach((edge) =>
        CATALOG[edge.segment].filter(({ name }) => name === input.application).forEach((component) => create(world, edge, component)),
      ),
    ),
  };
}

function edgeCommands({ world, front, reach, account }: ControlDeps, of: OfEdges): Readonly<Record<string, Command>> {
  const set =
    (change: (edge: Edge) => void) =>
    (edges: readonly Edge[]): void =>
      edges.forEach(change);
  return {
    cut: of({}, (_input, edges) => reach.cut(edges)),
    restore: of({}, (_input, edges) => reach.restore(edges)),
    fault: of({ fault: Fault.nullable() }, (input, edges) =>
      front.setFault(
        edges.map((edge) => edge.name),
        input.fault ?? undefined,
      ),
    ),
    tunnel: of({ status: TunnelStatus.nullable() }, (input, edges) =>
      account.setStatus(
        edges.map((edge) => edge.name),
        input.status ?? undefined,
      ),
    ),
    slow: of({ delayMs: z.number().min(0).max(600_000) }, (input, edges) => set((edge) => (edge.delayMs = input.delayMs))(edges)),
    skew: of({ skewMs: z.number() }, (input, edges) => set((edge) => (edge.skewMs = input.skewMs))(edges)),
    controller: of({ stopped: z.boolean() }, (input, edges) => set((edge) => (edge.controllerStopped = input.stopped))(edges)),
    cache: of({ empty: z.boolean() }, (input, edges) => set((edge) => (edge.cacheEmpty = input.empty))(edges)),
    grpcLimit: of({ maxBytes: z.number().int().min(0).nullable() }, (input, edges) =>
      set((edge) => (edge.grpcMaxBytes = input.maxBytes ?? DEFAULT_GRPC_MAX_BYTES))(edges),
    ),
    rootPath: of({ rootPath: z.string().regex(/^(\/[\w-]+)*$/) }, (input, edges) => set((edge) => (edge.rootPath = input.rootPath))(edges)),
    tokens: of({ account: Account, state: z.enum(['valid', 'revoked', 'expired']) }, (input, edges) => setTokens(world, edges, input)),
    account: of({ account: Account, enabled: z.boolean() }, (input, edges) =>
      set((edge) => toggle(edge.access.disabled, input.account, !input.enabled))(edges),
    ),
    rights: of({ account: Account, allowed: z.boolean() }, (input, edges) =>
      set((edge) => toggle(edge.access.withoutRights, input.account, !input.allowed))(edges),
    ),
    signingKey: of({}, (_input, edges) => set((edge) => (edge.access.keyGeneration += 1))(edges)),
  };
}

/** All commands by name. */
export function createCommands(deps: ControlDeps): Readonly<Record<string, Command>> {
  const of = ofEdges(deps.world);
  return { ...edgeCommands(deps, of), ...applicationCommands(deps, of), ...worldCommands(deps) };
}
