/** Our objects by kind, as they are gathered for one snapshot, from whatever they were read. */
import type { Connector, Edge, Product, Secret } from '../domain/edge.ts';
import type { ConnectorId, EdgeId, ProductId, SecretId } from '../domain/ids.ts';
import type { FleetObject } from './kind-parser.ts';

export interface ObjectSet {
  readonly edges: Map<EdgeId, Edge>;
  readonly connectors: Map<ConnectorId, Connector>;
  readonly products: Map<ProductId, Product>;
  readonly secrets: Map<SecretId, Secret>;
  policy: Extract<FleetObject, { kind: 'ConfigMap' }>['policy'] | undefined;
}

export const emptyObjectSet = (): ObjectSet => ({
  edges: new Map(),
  connectors: new Map(),
  products: new Map(),
  secrets: new Map(),
  policy: undefined,
});

/** Takes an object in; a later one of the same kind and name takes the place of the earlier. */
export function putObject(objects: ObjectSet, object: FleetObject): void {
  switch (object.kind) {
    case 'Edge':
      objects.edges.set(object.edge.id, object.edge);
      return;
    case 'Connector':
      objects.connectors.set(object.connector.id, object.connector);
      return;
    case 'Product':
      objects.products.set(object.product.id, object.product);
      return;
    case 'Secret':
      objects.secrets.set(object.secret.id, object.secret);
      return;
    case 'ConfigMap':
      objects.policy = object.policy;
      return;
    default:
      object satisfies never;
  }
}
