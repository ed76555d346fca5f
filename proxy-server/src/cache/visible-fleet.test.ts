import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anApplication } from '../../../test/application-builder.ts';
import { anEdge } from '../../../test/edge-builders.ts';
import type { Edge } from '../domain/edge.ts';
import { HEALTH_STATUSES } from '../domain/health.ts';
import { SEES_EVERYTHING, type Visibility } from '../domain/visibility.ts';
import { toRecord } from '../domain/application-record.ts';
import { FleetTable } from './fleet-table.ts';
import { VisibleFleet } from './visible-fleet.ts';

const NORTH_RETAIL: Visibility = {
  key: 'north/retail',
  all: false,
  edge: (_edge, labels) => labels['region'] === 'north',
  application: (_edge, labels, project) => labels['region'] === 'north' && project === 'retail',
};
const NAMES = ['store-1', 'store-2', 'store-3'];
/** Two configurations of each edge, the same objects whenever they come. */
const CONFIGS: readonly Edge[] = NAMES.flatMap((name) => [
  anEdge(name, 'https://x', { labels: { region: 'north' } }),
  anEdge(name, 'https://x', { labels: { region: 'south' }, ...(name === 'store-3' ? { access: 'CountsOnly' } : {}) }),
]);

type Step = (table: FleetTable) => void;
const key = (name: string) => ({ namespace: 'argocd', name });
const aStep: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom(...CONFIGS).map((edge): Step => (table) => table.putEdge(edge, 1_000)),
  fc.constantFrom(...NAMES).map((name): Step => (table) => table.dropEdge(name)),
  fc
    .record({ edge: fc.constantFrom(...NAMES), name: fc.constantFrom('pos', 'kds'), project: fc.constantFrom('retail', 'platform'), health: fc.constantFrom(...HEALTH_STATUSES) })
    .map(({ edge, ...over }): Step => (table) => table.putApplication(edge, toRecord(anApplication({ namespace: 'argocd', ...over })))),
  fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom('pos', 'kds')).map(([edge, name]): Step => (table) => table.dropApplication(edge, key(name))),
  fc.constant((table: FleetTable) => void table.publish()),
); // prettier-ignore

const namesOf = (table: FleetTable, view: VisibleFleet): readonly string[] =>
  [...view.listed(view.slots).rows()].map(
    (row) => `${table.edges.names[table.applications.edge[row]!]}/${table.applications.text('name', row)}`,
  );
const versionsOf = (view: VisibleFleet): readonly string[] => view.slots.map((slot) => view.figures.versions(slot));

describe('a view that followed every change', () => {
  test.each([['everything', SEES_EVERYTHING], ['a part', NORTH_RETAIL]] as const)('of %s shows what a new one shows', (_what, who) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(aStep, fc.boolean()), { maxLength: 40 }), (steps) => {
        const table = new FleetTable(1);
        const view = new VisibleFleet(table, who);
        for (const [step, look] of steps) {
          step(table);
          if (look && !table.hasChanges) namesOf(table, view.refresh());
        }
        table.publish();
        const fresh = new VisibleFleet(table, who).refresh();
        view.refresh();
        expect(view.counts()).toEqual(fresh.counts());
        expect(view.status()).toEqual(fresh.status());
        expect(namesOf(table, view)).toEqual(namesOf(table, fresh));
        expect(versionsOf(view)).toEqual(versionsOf(fresh));
      }),
      { numRuns: 300 },
    );
  }); // prettier-ignore

  test('lists the Applications of some edges in the order of all', () => {
    const table = new FleetTable(1);
    const names = Array.from({ length: 40 }, (_unused, nth) => `shop-${nth}`);
    for (const name of names) table.putEdge(anEdge(name, 'https://x'), 0);
    for (const name of [...names].reverse()) table.putApplication(name, toRecord(anApplication()));
    table.publish();
    const view = new VisibleFleet(table, SEES_EVERYTHING).refresh();
    for (const step of [1, 3, 39]) {
      const some = view.slots.filter((_slot, row) => row % step === 0);
      const edges = [...view.listed(some).rows()].map((row) => table.applications.edge[row]!);
      expect(edges).toEqual(some);
    }
  });
});
