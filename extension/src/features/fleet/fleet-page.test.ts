import { describe, expect, test } from '@jest/globals';
import type { Facet } from '../../../../proxy-server/src/domain/fleet-view.ts';
import { anEdgeRow, countsOf, facetsOf, membersOf } from '../../../../test/fakes/fleet-answers.ts';
import { columnChoices, defaultColumns, edgeColumns } from './edge-columns.tsx';
import { facetValueWord, isUseful, mergeFacets, shownValues } from './facet-lines.ts';
import { defaultGroup, MAX_SELECTED_IN_ADDRESS, nextSort, parseFleetAddress } from './fleet-address.ts';
import { fleetTiles, mostBehind } from './fleet-tiles.ts';
import { MAX_VIEWS, parseViews, withView } from './saved-views.ts';
import { changedSelection } from './use-selection.ts';

const ROWS = Array.from({ length: 300 }, (_unused, row) => anEdgeRow(row));
const compare = new Intl.Collator('en', { numeric: true }).compare;

describe('tiles', () => {
  const tiles = fleetTiles({ counts: countsOf(ROWS), deltas24h: { Degraded: 3, Failing: -1 } });

  test('six, in a fixed order', () => {
    expect(tiles.map(({ id }) => id)).toEqual(['edges', 'healthy', 'degraded', 'outOfSync', 'behind', 'notHeard']);
  });

  test('a change is the sum of what the tile counts, and absent where nothing is known', () => {
    expect(tiles.find(({ id }) => id === 'degraded')?.change).toBe(2);
    expect(tiles.find(({ id }) => id === 'healthy')?.change).toBeUndefined();
  });

  test('behind: the Product with the most edges before its newest version', () => {
    const facet = (field: string, values: readonly (readonly [string, number])[]): Facet => ({
      field,
      title: field,
      more: 0,
      values: values.map(([value, edges]) => ({ value, edges })),
    });
    const facets = [facet('version:a', [['1.9.0', 5], ['1.10.0', 9]]), facet('version:b', [['2.0', 3], ['1.0', 40], ['unknown', 99], ['1.0 + 2.0', 9], ['2818c0de', 500]]), facet('region', [['1', 1]])]; // prettier-ignore
    expect(mostBehind(facets, compare)).toEqual({ product: 'b', newest: '2.0', edges: 40 });
    expect(mostBehind([], compare)).toBeUndefined();
  });
});

describe('the address', () => {
  test('defaults are what is left out', () => {
    expect(parseFleetAddress(new URLSearchParams(''), 'region')).toEqual({
      query: '', group: 'region', colour: 'health', view: 'map', hideOthers: false, sort: undefined, columns: undefined, selected: [],
    }); // prettier-ignore
  });

  test('everything that can be linked is read back', () => {
    const search = new URLSearchParams('q=x&group=ring&color=sync&view=table&others=hide&sort=-name&cols=name,state&sel=a,b');
    expect(parseFleetAddress(search, 'region')).toEqual({
      query: 'x', group: 'ring', colour: 'sync', view: 'table', hideOthers: true, sort: { key: 'name', descending: true },
      columns: ['name', 'state'], selected: ['a', 'b'],
    }); // prettier-ignore
  });

  test('a selection in an address is bounded', () => {
    const sel = Array.from({ length: 500 }, (_unused, index) => `e${index}`).join(',');
    expect(parseFleetAddress(new URLSearchParams({ sel }), '').selected).toHaveLength(MAX_SELECTED_IN_ADDRESS);
  });

  test('the first grouping is the region, else a label with a handful of values, else none', () => {
    const members = membersOf(ROWS);
    const { region, ...labels } = members.labels;
    expect(region).toBeDefined();
    expect(defaultGroup(members)).toBe('region');
    expect(defaultGroup({ ...members, labels })).toBe('format');
    expect(defaultGroup(undefined)).toBe('none');
  });
});

describe('facets', () => {
  const base = facetsOf(ROWS);
  const region = base.find(({ field }) => field === 'region')!;

  test('a field is counted without its own terms, the others with all', () => {
    const north = facetsOf(ROWS.filter(({ labels }) => labels['region'] === 'north'));
    const merged = mergeFacets(base, north, new Map([['region', base]]));
    expect(merged.find(({ field }) => field === 'region')).toEqual(region);
    const sum = merged.find(({ field }) => field === 'connection')!.values.reduce((total, { edges }) => total + edges, 0);
    expect(sum).toBe(ROWS.filter(({ labels }) => labels['region'] === 'north').length);
  });

  test('values stay in their places when counts change', () => {
    const merged = mergeFacets(base, facetsOf(ROWS.slice(0, 20)), new Map());
    expect(merged.map(({ values }) => values.map(({ value }) => value))).toEqual(
      base.map(({ values }) => values.map(({ value }) => value)),
    );
  });

  test('a long list shows its first values and every chosen one', () => {
    const facet = {
      field: 'x',
      title: 'x',
      more: 0,
      values: Array.from({ length: 20 }, (_unused, index) => ({ value: `V${index}`, edges: 1 })),
    };
    const { values, hidden } = shownValues(facet, new Set(['v15']), false);
    expect(values.map(({ value }) => value)).toEqual(['V0', 'V1', 'V2', 'V3', 'V4', 'V5', 'V15']);
    expect(hidden).toBe(13);
    expect(shownValues(facet, new Set(), true).hidden).toBe(0);
  });

  test('what filters nothing is left out, unless it is filtered by', () => {
    const one = { field: 'lifecycle', title: 'Lifecycle', more: 0, values: [{ value: 'Active', edges: 9 }] };
    expect([isUseful(one, ''), isUseful(one, 'lifecycle:active'), isUseful(region, '')]).toEqual([false, true, true]);
  });

  test('our own states have words, a label’s value stays as it is', () => {
    expect(facetValueWord('state', 'OutOfReach')).toBe('Out of reach');
    expect(facetValueWord('region', 'north')).toBe('north');
    expect(facetValueWord('region', '')).toBe('(none)');
  });
});

describe('the table', () => {
  test('sorting goes up, down, and back to the natural order', () => {
    const up = nextSort(undefined, 'state');
    const down = nextSort(up, 'state');
    expect([up, down, nextSort(down, 'state')]).toEqual([
      { key: 'state', descending: false },
      { key: 'state', descending: true },
      undefined,
    ]);
  });
});

describe('columns', () => {
  const facts = {
    products: ['pos', 'inventory', 'bakery'],
    labels: ['region'],
    old: false,
    selected: new Set<string>(),
    onToggle: () => undefined,
  };

  test('every choice is a column, names that are none are left out', () => {
    const keys = columnChoices(facts).map(({ key }) => key);
    expect(keys).toEqual(expect.arrayContaining(['name', 'version:pos', 'label:region']));
    expect(edgeColumns([...keys, 'nonsense', 'version:'], facts)).toHaveLength(keys.length + 1);
    expect(defaultColumns(facts.products).every((key) => keys.includes(key))).toBe(true);
  });
});

describe('saved views', () => {
  test('a view of the same name is replaced, the selection is not kept', () => {
    const views = withView(withView([], 'mine', 'q=a&sel=x'), ' mine ', 'q=b');
    expect(views).toEqual([{ name: 'mine', search: 'q=b' }]);
    expect(withView([], 'mine', 'q=a&sel=x')[0]?.search).toBe('q=a');
    expect(withView(views, '  ', 'q=c')).toBe(views);
  });

  test.each([['nothing', null], ['no JSON', '{'], ['no list', '{"a":1}'], ['no views', '[1,{"name":2}]']])('storage with %s is no views', (_what, raw) => {
    expect(parseViews(raw)).toEqual([]);
  }); // prettier-ignore

  test('their number is bounded', () => {
    const many = JSON.stringify(Array.from({ length: 500 }, (_unused, index) => ({ name: `v${index}`, search: '' })));
    expect(parseViews(many)).toHaveLength(MAX_VIEWS);
  });
});

test('a selection is switched per name, or put on for all', () => {
  expect([...changedSelection(new Set(['a', 'b']), ['b', 'c'], undefined)]).toEqual(['a', 'c']);
  expect([...changedSelection(new Set(['a']), ['a', 'c'], true)]).toEqual(['a', 'c']);
});
