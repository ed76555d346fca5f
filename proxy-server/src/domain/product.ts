import type { Application } from './application.ts';
import type { Product, VersionRule } from './edge.ts';
import { UNKNOWN_VERSION } from './version-order.ts';

/** What decides membership and version: nothing else of an Application is looked at. */
export type ProductFacts = Pick<Application, 'labels' | 'productAnnotation' | 'sources' | 'revisions' | 'images'>;

export interface ProductMember {
  readonly product: string;
  readonly version: string;
}

/**
 * The Product an Application belongs to and the version it runs; undefined where it belongs to none. The annotation wins over every
 * selector; among several Products that match alike, the first by name.
 */
export function productOf(facts: ProductFacts, products: readonly Product[]): ProductMember | undefined {
  let selected: Product | undefined;
  let annotated: Product | undefined;
  for (const product of products) {
    if (isAnnotated(facts, product) && isFirst(product, annotated)) annotated = product;
    if (isSelected(facts, product) && isFirst(product, selected)) selected = product;
  }
  const product = annotated ?? selected;
  return product === undefined ? undefined : { product: product.id, version: productVersion(facts, product.version) };
}

const isFirst = (product: Product, other: Product | undefined): boolean => other === undefined || product.id < other.id;

const isAnnotated = ({ productAnnotation }: ProductFacts, { annotation }: Product): boolean =>
  annotation !== undefined && productAnnotation !== undefined && annotation.value === productAnnotation;

/** A selector without labels selects nothing: a Product is not the whole fleet by omission. */
function isSelected({ labels }: ProductFacts, { matchLabels }: Product): boolean {
  const wanted = Object.entries(matchLabels);
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** The first rule that yields a value; `unknown` where none does. */
export function productVersion(facts: ProductFacts, rules: readonly VersionRule[]): string {
  for (const rule of rules) {
    const version = versionByRule(facts, rule);
    if (version !== undefined && version !== '') return version;
  }
  return UNKNOWN_VERSION;
}

function versionByRule(facts: ProductFacts, rule: VersionRule): string | undefined {
  switch (rule.kind) {
    case 'image':
      return imageTag(facts.images, rule.image);
    case 'chart':
      return chartVersion(facts);
    case 'revision':
      return shortRevision(facts.revisions[0]);
    default:
      return rule satisfies never;
  }
}

/** The tag of an image named without it; a digest says nothing a person could compare. */
function imageTag(images: readonly string[], image: string): string | undefined {
  const start = `${image}:`;
  const tagged = images.find((candidate) => candidate.startsWith(start));
  return tagged?.slice(start.length).split('@')[0];
}

function chartVersion({ sources, revisions }: ProductFacts): string | undefined {
  const index = sources.findIndex((source) => source.chart !== undefined && source.chart !== '');
  return index < 0 ? undefined : (revisions[index] ?? sources[index]?.targetRevision);
}

const SHORT_HASH = 8;

function shortRevision(revision: string | undefined): string | undefined {
  return revision !== undefined && /^[0-9a-f]{40}$/.test(revision) ? revision.slice(0, SHORT_HASH) : revision;
}

/** How the versions of one Product on one edge are written where they disagree. */
export const VERSION_JOINER = ' + ';
