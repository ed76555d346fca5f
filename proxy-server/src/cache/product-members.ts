import type { Product } from '../domain/edge.ts';
import { productOf, type ProductMember } from '../domain/product.ts';
import type { ApplicationColumns } from './application-columns.ts';
import { toList, toMap, toSources } from './application-record.ts';

const NONE: ProductMember = { product: '', version: '' };
const COLUMNS = ['labels', 'annotation', 'sources', 'revisions', 'images'] as const;
/** Different combinations of what decides membership that are remembered. */
const MAX_KNOWN = 4_096;

/**
 * Which Product each Application belongs to. What decides is the same for most Applications of a Product, so it is decided once for all that
 * hold the same texts.
 */
export class ProductMembers {
  readonly #products: readonly Product[];
  readonly #known = new Map<string, ProductMember>();

  constructor(products: readonly Product[]) {
    this.#products = [...products].sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  of(applications: ApplicationColumns, row: number): ProductMember {
    if (this.#products.length === 0) return NONE;
    let key = '';
    for (const column of COLUMNS) key += `${applications.text(column, row)}\n`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const member = this.#decide(applications, row);
    this.#known.set(key, member);
    return member;
  }

  #decide(applications: ApplicationColumns, row: number): ProductMember {
    const annotation = applications.text('annotation', row);
    const facts = {
      labels: toMap(applications.text('labels', row)),
      ...(annotation === '' ? {} : { productAnnotation: annotation }),
      sources: toSources(applications.text('sources', row), ''),
      revisions: toList<string>(applications.text('revisions', row)),
      images: toList<string>(applications.text('images', row)),
    };
    return productOf(facts, this.#products) ?? NONE;
  }
}
