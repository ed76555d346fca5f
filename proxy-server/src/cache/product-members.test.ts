import { describe, expect, test } from '@jest/globals';
import { anApplication } from '../../../test/application-builder.ts';
import { toRecord } from '../domain/application-record.ts';
import type { Product } from '../domain/edge.ts';
import { parseProductId } from '../domain/ids.ts';
import { ApplicationColumns } from './application-columns.ts';
import { ProductMembers } from './product-members.ts';

const put = (columns: ApplicationColumns, name: string, labels: Readonly<Record<string, string>>): number => {
  const record = toRecord(anApplication({ name, labels }));
  const row = columns.add(0, { namespace: record.texts.namespace, name });
  columns.write(row, record);
  return row;
};

describe('which Product an Application belongs to', () => {
  const aProduct = (product: string): Product => ({ id: parseProductId(product)!, matchLabels: { product }, version: [] });
  const members = new ProductMembers([aProduct('till'), aProduct('shop')]);

  test('is remembered by its texts, also when their numbers have been given to others', () => {
    const columns = new ApplicationColumns();
    const first = put(columns, 'a', { product: 'till' });
    expect(members.of(columns, first).product).toBe('till');
    const number = columns.id('labels', first);
    columns.drop(first);
    const second = put(columns, 'b', { product: 'shop' });
    expect(columns.id('labels', second)).toBe(number);
    expect(members.of(columns, second).product).toBe('shop');
    expect(members.of(columns, put(columns, 'c', { product: 'none' })).product).toBe('');
  });
});
