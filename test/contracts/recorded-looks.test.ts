/**
 * What the fleet makes of the Applications of real Argo CDs: recorded answers in at the border, rows as readers see them out. In every version
 * the same trouble has to look alike, and what could not be compared never counts as well, whatever its health says.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { SEES_EVERYTHING } from '../../proxy-server/src/domain/visibility.ts';
import { toApplication, toApplicationEvent, toApplicationList } from '../../proxy-server/src/edges/to-application.ts';
import { anEdge } from '../edge-builders.ts';
import { fleetStateHarness } from '../fleet-state-harness.ts';

const RECORDED = new URL('../fixtures/argocd/', import.meta.url);
const VERSIONS = readdirSync(RECORDED).filter((name) => /^\d/.test(name));
interface Answer {
  readonly body?: string;
  readonly chunks?: readonly { readonly text: string }[];
}
const recorded = (version: string, name: string): Answer =>
  (JSON.parse(readFileSync(new URL(`${version}/${name}.json`, RECORDED), 'utf8')) as { response: Answer }).response;

const snapshotOf = (version: string) =>
  (recorded(version, 'stream-live-sse').chunks ?? [])
    .map(({ text }) => text)
    .join('')
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .flatMap((line) => toApplicationEvent(JSON.parse(line.slice(6)) as object)?.application ?? []);
const wholeOf = (version: string) =>
  readdirSync(new URL(`${version}/`, RECORDED))
    .filter((name) => /^app-(bakery|frozen|ghost|inventory|kiosk|loyalty|migrations|pos)\.json$/.test(name))
    .flatMap((name) => toApplication(JSON.parse(recorded(version, name.replace('.json', '')).body ?? '{}')) ?? []);
const listOf = (name: string) => (version: string) =>
  (toApplicationList(JSON.parse(recorded(version, name).body ?? '{}'))?.items ?? []).flatMap((item) => toApplication(item) ?? []);

/** What each of them is, whatever its version calls it: the two kinds of trouble that no health tells are `bakery` and `ghost`. */
const LOOKS: Readonly<Record<string, string>> = {
  bakery: 'Failing Retrying', big: 'Healthy Succeeded', frozen: 'Missing None', ghost: 'Unjudged None', inventory: 'Degraded Succeeded', kiosk: 'Healthy Succeeded',
  loyalty: 'Suspended Succeeded', migrations: 'Healthy Succeeded', pos: 'Healthy Succeeded', signage: 'Missing None',
}; // prettier-ignore

async function shown(applications: ReturnType<typeof wholeOf>) {
  const { state, settle } = fleetStateHarness();
  const edge = anEdge('real', 'https://real.edge.test');
  await state.start([edge]);
  state.sink.putApplications(edge.id, applications);
  state.sink.heard(edge.id, Date.UTC(2026, 10, 23, 12));
  await settle();
  const page = state.reader.applications(SEES_EVERYTHING, { query: '', sort: ['name'], limit: 100 });
  if (!page.ok) throw new Error('no page');
  return page.value.items;
}

describe.each(VERSIONS)('as recorded from %s', (version) => {
  test.each([
    ['in the live stream', snapshotOf],
    ['read whole', wholeOf],
    ['in the list that is polled before 3.5', listOf('list-status-old')],
    ['in the list that is polled from 3.5 on', listOf('list-status-new')],
  ])('%s, each looks as it is', async (_how, read) => {
    const rows = await shown(read(version));
    expect(rows.length).toBeGreaterThan(6);
    const wanted = Object.fromEntries(rows.map(({ name }) => [name, LOOKS[name]]));
    expect(Object.fromEntries(rows.map(({ name, look, operation }) => [name, `${look} ${operation.state}`]))).toEqual(wanted);
    expect(rows.find(({ name }) => name === 'ghost')).toMatchObject({ health: 'Healthy', sync: 'Unknown', judged: false });
  });
});
