import { fieldAt, textAt } from '../../api/json-fields.ts';

/** What an Application of the hub puts onto the fleet. */
export type HubSubject =
  { readonly kind: 'product'; readonly name: string } | { readonly kind: 'edge'; readonly name: string } | { readonly kind: 'fleet' };

const PRODUCT = 'edgefleet.dev/product';
const BOOTSTRAP = 'edgefleet.dev/bootstrap';
const EDGE = 'edgefleet.dev/edge';
const NAME = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** `edgefleet.dev/product: pos` is a Product; `edgefleet.dev/bootstrap` names an edge, or, as `true` or empty, stands for all of them. */
export function subjectOf(application: unknown): HubSubject | undefined {
  const labels = fieldAt(application, 'metadata', 'labels');
  const product = textAt(labels, PRODUCT);
  if (product !== undefined) return NAME.test(product) ? { kind: 'product', name: product } : undefined;
  const edge = textAt(labels, EDGE) ?? textAt(labels, BOOTSTRAP);
  if (edge !== undefined && edge !== 'true' && NAME.test(edge)) return { kind: 'edge', name: edge };
  return fieldAt(labels, BOOTSTRAP) === undefined ? undefined : { kind: 'fleet' };
}
