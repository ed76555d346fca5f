import { expect, test } from '@jest/globals';
import type { Product } from './edge.ts';
import { parseProductId } from './ids.ts';
import { productOf, productVersion, type ProductFacts } from './product.ts';

const facts = (over: Partial<ProductFacts> = {}): ProductFacts => ({ labels: {}, sources: [], revisions: [], images: [], ...over });
const product = (name: string, over: Partial<Product> = {}): Product => ({
  id: parseProductId(name)!,
  matchLabels: {},
  version: [],
  ...over,
});
const byAnnotation = (name: string, value = name): Partial<Product> => ({
  annotation: { key: 'edgefleet.dev/product', value },
  matchLabels: { part: name },
});

test.each<[what: string, facts: Partial<ProductFacts>, products: readonly Product[], expected: string | undefined]>([
  [
    'all labels match',
    { labels: { part: 'pos', tier: '1', more: 'x' } },
    [product('pos', { matchLabels: { part: 'pos', tier: '1' } })],
    'pos',
  ],
  ['one label differs', { labels: { part: 'pos', tier: '2' } }, [product('pos', { matchLabels: { part: 'pos', tier: '1' } })], undefined],
  ['the annotation names it', { productAnnotation: 'pos' }, [product('pos', byAnnotation('pos'))], 'pos'],
  [
    'annotation and labels disagree',
    { productAnnotation: 'kds', labels: { part: 'pos' } },
    [product('pos', byAnnotation('pos')), product('kds', byAnnotation('kds'))],
    'kds',
  ],
  [
    'the annotation names a Product that is not there',
    { productAnnotation: 'gone', labels: { part: 'pos' } },
    [product('pos', byAnnotation('pos'))],
    'pos',
  ],
  [
    'two Products select it',
    { labels: { part: 'pos' } },
    [product('b', { matchLabels: { part: 'pos' } }), product('a', { matchLabels: { part: 'pos' } })],
    'a',
  ],
  ['a Product selects nothing', { labels: { part: 'pos' } }, [product('pos')], undefined],
])('membership where %s', (_what, over, products, expected) => {
  expect(productOf(facts(over), products)?.product).toBe(expected);
  expect(productOf(facts(over), products.toReversed())?.product).toBe(expected);
});

const image = { kind: 'image', image: 'registry.example.com/pos/api' } as const;
test.each<[what: string, facts: Partial<ProductFacts>, rules: Product['version'], expected: string]>([
  ['image tag', { images: ['other:1', 'registry.example.com/pos/api:4.12.0'] }, [image], '4.12.0'],
  ['image tag with a digest', { images: ['registry.example.com/pos/api:4.12.0@sha256:abc'] }, [image], '4.12.0'],
  ['image by digest alone, then the chart', { images: ['registry.example.com/pos/api@sha256:abc'], sources: [{ repoUrl: 'r', chart: 'pos' }], revisions: ['1.4.2'] }, [image, { kind: 'chart' }], '1.4.2'],
  ['an image whose name only begins alike', { images: ['registry.example.com/pos/api-gateway:9'] }, [image], 'unknown'],
  ['chart as the second source', { sources: [{ repoUrl: 'a', path: 'x' }, { repoUrl: 'b', chart: 'pos' }], revisions: ['abc', '2.0.0'] }, [{ kind: 'chart' }], '2.0.0'],
  ['chart not resolved yet', { sources: [{ repoUrl: 'b', chart: 'pos', targetRevision: '2.*' }] }, [{ kind: 'chart' }], '2.*'],
  ['revision that is a hash', { revisions: ['0123456789abcdef0123456789abcdef01234567'] }, [{ kind: 'revision' }], '01234567'],
  ['revision that is a tag', { revisions: ['v1.2.3'] }, [{ kind: 'revision' }], 'v1.2.3'],
  ['no rule that yields', { images: [] }, [image, { kind: 'chart' }, { kind: 'revision' }], 'unknown'],
  ['no rule', {}, [], 'unknown'],
])('version from %s', (_what, over, rules, expected) => {
  expect(productVersion(facts(over), rules)).toBe(expected);
}); // prettier-ignore
