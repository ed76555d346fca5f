import type { Facet, FleetMembers } from '../../../proxy-server/src/domain/fleet-view.ts';
import type { KnownWords } from './query-completion.ts';

const VERSION_FIELD = /^version:(.+)$/;

/** The words this fleet uses, for completion: labels and their values, connectors, Products and their versions. */
export function knownWords(members: FleetMembers | undefined, facets: readonly Facet[]): KnownWords {
  const labels = Object.fromEntries(
    Object.entries(members?.labels ?? {}).map(([key, { values }]) => [key, values.filter((value) => value !== '')]),
  );
  const versions = Object.fromEntries(
    facets.flatMap((facet): [string, readonly string[]][] => {
      const product = VERSION_FIELD.exec(facet.field)?.[1];
      return product === undefined ? [] : [[product, facet.values.map(({ value }) => value).filter((value) => value !== '')]];
    }),
  );
  return { labels, connectors: members?.connector.values ?? [], products: Object.keys(versions), versions };
}

/** Products by how many edges run them, most first: what most edges have is worth a column. */
export function mostRunProducts(facets: readonly Facet[]): readonly string[] {
  const runs = facets.flatMap(({ field, values }): { readonly product: string; readonly edges: number }[] => {
    const product = VERSION_FIELD.exec(field)?.[1];
    return product === undefined ? [] : [{ product, edges: values.reduce((sum, { value, edges }) => sum + (value === '' ? 0 : edges), 0) }];
  });
  return runs.sort((left, right) => right.edges - left.edges).map(({ product }) => product);
}
