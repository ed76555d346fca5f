import { describe, expect, test } from '@jest/globals';
import { parseQuery } from '../../../../proxy-server/src/domain/query.ts';
import { figureQueries, fleetFigures } from './fleet-figures.ts';
import { subjectOf } from './hub-subject.ts';

const labelled = (labels: Readonly<Record<string, string>>): unknown => ({ metadata: { labels } });

describe('what an Application of the hub puts onto the fleet', () => {
  test.each([
    [{ 'edgefleet.dev/product': 'pos' }, { kind: 'product', name: 'pos' }],
    [{ 'edgefleet.dev/bootstrap': 'store-0417' }, { kind: 'edge', name: 'store-0417' }],
    [
      { 'edgefleet.dev/bootstrap': 'true', 'edgefleet.dev/edge': 'store-1' },
      { kind: 'edge', name: 'store-1' },
    ],
    [{ 'edgefleet.dev/bootstrap': 'true' }, { kind: 'fleet' }],
    [{ 'edgefleet.dev/bootstrap': '' }, { kind: 'fleet' }],
    [{ 'edgefleet.dev/product': 'pos look:degraded' }, undefined],
    [{ team: 'b' }, undefined],
  ])('%j', (labels, subject) => {
    expect(subjectOf(labelled(labels))).toEqual(subject);
  });

  test('an Application without labels, or none at all, is not ours', () => {
    expect([subjectOf({ metadata: {} }), subjectOf(undefined)]).toEqual([undefined, undefined]);
  });
});

describe('figures of a Product', () => {
  const facets = [
    { field: 'state', title: 'State', more: 0, values: [{ value: 'Healthy', edges: 7 }, { value: 'Silent', edges: 2 }, { value: 'OutOfReach', edges: 1 }] },
    { field: 'version:pos', title: 'pos', more: 3, values: [{ value: '4.9.0', edges: 2 }, { value: '4.11.2', edges: 5 }, { value: '4.11.2 + 4.10.0', edges: 1 }, { value: '02a6af97 + 4.10.1', edges: 4 }, { value: '', edges: 2 }] },
  ]; // prettier-ignore
  const figures = fleetFigures(facets, 'pos');

  test('versions are newest first, by number; what runs two counts by the older', () => {
    expect(figures.versions.map(({ version }) => version)).toEqual(['4.11.2', '02a6af97 + 4.10.1', '4.11.2 + 4.10.0', '4.9.0', '']);
    expect([figures.newest, figures.behind, figures.notHeard, figures.cut]).toEqual(['4.11.2', 7, 3, 3]);
  });

  test('of the whole fleet there are no versions', () => {
    expect(fleetFigures(facets, undefined)).toMatchObject({ versions: [], newest: undefined, behind: 0, notHeard: 3 });
  });

  test('every link holds a query that can be read', () => {
    const { all, failing, notHeard, behind, version } = figureQueries('pos');
    const queries = [all, failing, notHeard, behind('4.11.2'), version('4.11.2 + 4.10.0'), version(''), figureQueries(undefined).failing];
    expect(queries.map((query) => parseQuery(query).ok)).toEqual(queries.map(() => true));
  });
});
