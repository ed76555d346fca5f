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
  /** By the numbers of the texts that decide, mixed into one; the texts tell whether it is them. */
  readonly #known = new Map<number, Known>();

  constructor(products: readonly Product[]) {
    this.#products = [...products].sort((left, right) => (left.id < right.id ? -1 : 1));
  }

  of(applications: ApplicationColumns, row: number): ProductMember {
    if (this.#products.length === 0) return NONE;
    let key = 0;
    for (const column of COLUMNS) key = (Math.imul(key, 31) + applications.id(column, row)) | 0;
    const known = this.#known.get(key);
    if (known !== undefined && isOf(known, applications, row)) return known.member;
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    const member = this.#decide(applications, row);
    this.#known.set(key, { texts: COLUMNS.map((column) => applications.text(column, row)), member });
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

interface Known {
  readonly texts: readonly string[];
  readonly member: ProductMember;
}

/** Numbers are given to other texts when nobody uses the old ones any more. */
const isOf = ({ texts }: Known, applications: ApplicationColumns, row: number): boolean =>
  COLUMNS.every((column, at) => applications.text(column, row) === texts[at]);
