import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { listItem, listNames, overlaps, parseFields, project } from './projection.ts';

const MESSAGE = {
  result: {
    type: 'ADDED',
    application: {
      metadata: { namespace: 'argocd', name: 'pos', labels: { b: '1', a: '2' } },
      status: {
        sync: { status: 'Synced', revision: 'abc', revisions: ['x'] },
        history: [
          { id: 1, deployedAt: 'then' },
          { id: 2, deployedAt: 'now' },
        ],
        sourceType: 'Helm',
        sourceTypes: ['Helm'],
      },
    },
  },
};
const A = 'result.application';

describe('the generic projection', () => {
  test.each<[when: string, fields: string, expected: unknown]>([
    [
      'a name is exact: its whole subtree stays, keys sorted',
      `${A}.metadata.labels`,
      { result: { application: { metadata: { labels: { a: '2', b: '1' } } } } },
    ],
    [
      'a path goes through a list',
      `${A}.status.history.deployedAt`,
      { result: { application: { status: { history: [{ deployedAt: 'then' }, { deployedAt: 'now' }] } } } },
    ],
    [
      'a name begins with another name',
      `${A}.metadata.namespace`,
      { result: { application: { metadata: { name: 'pos', namespace: 'argocd' } } } },
    ],
    [
      'the plural is asked for',
      `${A}.status.sync.revisions`,
      { result: { application: { status: { sync: { revision: 'abc', revisions: ['x'] } } } } },
    ],
    [
      'the plural of a field beside it is asked for',
      `${A}.status.sourceTypes`,
      { result: { application: { status: { sourceType: 'Helm', sourceTypes: ['Helm'] } } } },
    ],
    ['nothing of the message is asked for', 'error', {}],
    [
      'fields are excluded',
      `-${A}.status,${A}.metadata.labels`,
      { result: { application: { metadata: { name: 'pos', namespace: 'argocd' } }, type: 'ADDED' } },
    ],
  ])('when %s', (_when, fields, expected) => {
    expect(project(MESSAGE, parseFields(fields))).toEqual(expected);
  });

  test('leaves an object that leaked through a prefix empty', () => {
    expect(project({ source: { path: 'x' }, sources: [{ path: 'y' }] }, parseFields('sources.path'))).toEqual({
      source: {},
      sources: [{ path: 'y' }],
    });
  });

  test('writes an error as an empty object unless error is asked for', () => {
    const error = { error: { message: 'no' } };
    expect(project(error, parseFields('result.type'))).toEqual({});
    expect(project(error, parseFields('error,result.type'))).toEqual(error);
  });

  test('leaves everything as it is without a parameter', () => {
    expect(project(MESSAGE, parseFields(undefined))).toBe(MESSAGE);
    expect(parseFields('')).toBeUndefined();
  });

  test('never adds anything, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.object({ maxDepth: 3 }),
        fc.array(fc.stringMatching(/^[a-z.]{1,8}$/), { minLength: 1, maxLength: 4 }),
        (value, names) => {
          const before = JSON.stringify(value).length;
          expect(JSON.stringify(project(value, { names, exclude: false })).length).toBeLessThanOrEqual(before);
        },
      ),
    );
  });
});

describe('the closed list of the list', () => {
  const item = {
    metadata: { name: 'pos' },
    spec: { project: 'default', destination: { server: 's', namespace: 'n' } },
    status: { sync: { status: 'Synced' }, operationState: { phase: 'Running', syncResult: { revision: 'abc' } } },
  };

  test('knows exact names only: neither parents nor children', () => {
    const known = ['metadata.name', 'spec'];
    expect(
      listNames({ names: ['items.metadata', 'items.spec.project', 'items.metadata.name', 'metadata.name'], exclude: false }, known),
    ).toEqual(['metadata.name']);
  });

  test('excludes from the list, not from the object', () => {
    expect(listNames({ names: ['items.spec'], exclude: true }, ['metadata.name', 'spec'])).toEqual(['metadata.name']);
  });

  test('writes what is not there as null where Go has a pointer, and leaves out what hangs below it', () => {
    expect(listItem(item, ['metadata.annotations', 'operation.sync', 'status.operationState.finishedAt'])).toEqual({
      metadata: { annotations: null },
      status: { operationState: { finishedAt: null } },
    });
    expect(listItem({ metadata: {} }, ['status.operationState.finishedAt'])).toEqual({});
  });

  test('puts syncResult under the name of operation.sync', () => {
    expect(listItem(item, ['status.operationState.operation.sync'])).toEqual({
      status: { operationState: { operation: { sync: { revision: 'abc' } } } },
    });
  });

  test('keeps the order of a value and sorts the way to it', () => {
    expect(JSON.stringify(listItem(item, ['spec.project', 'spec.destination']))).toBe(
      '{"spec":{"destination":{"server":"s","namespace":"n"},"project":"default"}}',
    );
  });

  test('sees that a field overlaps with its own child', () => {
    expect(overlaps(['spec', 'spec.project'])).toBe(true);
    expect(overlaps(['spec.project', 'spec.source'])).toBe(false);
  });
});
