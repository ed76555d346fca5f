/**
 * Edges that answer in every way an edge, or what stands before it, may answer. Each is watched by the real watchers into the real fleet state;
 * each begins well, misbehaves, and is mended. It has to be seen as what it is, with its last good data kept, and it has to heal by itself.
 */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { failureRow } from '../../proxy-server/src/domain/failure-table.ts';
import { SEES_EVERYTHING } from '../../proxy-server/src/domain/visibility.ts';
import { ODD_BUT_RIGHT, overTls, STRANGE_FIELDS, WRONG, type Scenario } from '../chaos/chaos-answers.ts';
import { startChaosFleet, type ChaosFleet } from '../chaos/chaos-fleet.ts';
import { PROXIES } from '../chaos/chaos-proxies.ts';
import { startChaos, type ChaosServer } from '../chaos/chaos-server.ts';
import { STATUSES } from '../chaos/chaos-statuses.ts';
import { CONNECTIONS, STREAMS } from '../chaos/chaos-streams.ts';
import { createFastRuntime } from '../fakes/fast-runtime.ts';
import { startTlsChaos, TLS_FAULTS, type TlsChaos } from '../chaos/chaos-tls.ts';

jest.setTimeout(60_000);

const SECOND = 1_000;
const HEAL_MS = 300 * SECOND;
const APPLICATIONS = 3;
/** Beside what the tests before this one left in the process. */
const MOST_MEMORY_BYTES = 900_000_000;

const isHeavy = ({ heavy = false }: Scenario): boolean => heavy;
const ALL: readonly Scenario[] = [
  ...ODD_BUT_RIGHT,
  ...STRANGE_FIELDS,
  ...WRONG,
  ...STATUSES,
  ...STREAMS,
  ...CONNECTIONS,
  ...PROXIES,
  ...overTls(TLS_FAULTS),
];

interface Group {
  readonly scenarios: readonly Scenario[];
  /** As fast as the machine keeps up with beside everything that is poured out. */
  readonly speed: number;
  readonly troubleMs: number;
}

describe.each<[string, Group]>([
  ['words', { scenarios: ALL.filter((scenario) => !isHeavy(scenario)), speed: 12, troubleMs: 45 * SECOND }],
  ['floods', { scenarios: ALL.filter(isHeavy), speed: 5, troubleMs: 30 * SECOND }],
])('%s', (_name, { scenarios, speed, troubleMs }) => {
  const named = scenarios.map((scenario, index) => ({ ...scenario, edge: `edge-${index}` }));
  let server: ChaosServer;
  let tls: TlsChaos;
  let fleet: ChaosFleet;
  let before: ReadonlyMap<string, number>;
  let mostMemory = 0;

  const isWell = (edge: string): boolean => {
    const latest = fleet.latest(edge);
    return latest?.connection === 'Reachable' && latest.failure === undefined;
  };
  const isWhole = (edge: string): boolean => isWell(edge) && fleet.applications(edge) >= APPLICATIONS;
  const missing = (): readonly string[] => named.filter(({ edge }) => !isWhole(edge)).map(({ name }) => name);
  const turn = (on: boolean): void => named.forEach((scenario) => (scenario.tls === undefined ? server : tls).turn(scenario.edge, on));

  beforeAll(async () => {
    server = await startChaos(new Map(named.map(({ edge, trick }) => [edge, trick])));
    tls = await startTlsChaos(new Map(named.flatMap((each) => (each.tls === undefined ? [] : [[each.edge, each.tls]]))), server.serve);
    const urlOf = ({ edge, tls: fault }: (typeof named)[number]): string =>
      fault === undefined ? `http://127.0.0.1:${server.port}/${edge}` : tls.urlOf(edge);
    fleet = await startChaosFleet(
      named.map((each) => ({ name: each.edge, url: urlOf(each), ...(each.connector === undefined ? {} : { connector: each.connector }) })),
      { runtime: createFastRuntime(speed), ca: tls.ca },
    );
    await fleet.runtime.until(() => missing().length === 0, 200 * SECOND).catch(() => undefined);
    expect(missing()).toEqual([]);
    await fleet.runtime.pass(6 * SECOND);
    fleet.forget();
    before = new Map(server.asked);
    const left = process.memoryUsage().rss;
    const watching = setInterval(() => (mostMemory = Math.max(mostMemory, process.memoryUsage().rss - left)), 50);
    turn(true);
    await fleet.runtime.pass(troubleMs);
    clearInterval(watching);
  });
  afterAll(async () => {
    await fleet?.close();
    await tls?.close();
    await server?.close();
  });

  test.each(named)('$name is $sees', ({ edge, sees, tls: fault }) => {
    const reports = fleet.reports(edge);
    const seen = reports.map(({ connection, failure }) => `${connection} ${failure?.row ?? ''} ${failure?.sign ?? ''}`.trim());
    if (fault === undefined) expect(server.asked.get(edge)! - before.get(edge)!).toBeGreaterThanOrEqual(1);
    expect(fleet.applications(edge)).toBeGreaterThanOrEqual(APPLICATIONS);
    if (sees === 'well') return expect(seen.filter((words) => words !== 'Reachable')).toEqual([]);
    const [connection, ...rows] = sees;
    const right = reports.filter((report) => report.connection === connection && rows.includes(report.failure?.row ?? 0));
    expect({ seen, right: right.length > 0 }).toEqual({ seen, right: true });
    const { failure } = right[0]!;
    expect([failureRow(failure!.row).kind, failureRow(failure!.row).otherKind]).toContain(failure!.kind);
  });

  test('nothing threw, memory stayed within bounds, and every edge can be shown', () => {
    expect(fleet.runtime.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(mostMemory).toBeLessThan(MOST_MEMORY_BYTES);
    const page = fleet.state.reader.edges(SEES_EVERYTHING, { query: '', sort: ['name'], limit: 500 });
    expect(page.ok && page.value.total).toBe(named.length);
    for (const { edge } of named) expect(fleet.state.reader.edge(SEES_EVERYTHING, edge)?.name).toBe(edge);
  });

  test('every edge heals when it is over', async () => {
    turn(false);
    const healed = (): boolean => {
      for (const { edge } of named) if (!isWell(edge)) fleet.watcher.api.probeNow(edge as never);
      return missing().length === 0;
    };
    await fleet.runtime.until(healed, HEAL_MS).catch(() => undefined);
    expect(missing()).toEqual([]);
  });
});
