import type { Connector, Edge, Product, Secret } from '../../proxy-server/src/domain/edge.ts';
import type { ConfigSnapshot, ObjectStore } from '../../proxy-server/src/ports/object-store.ts';

export interface MemoryObjectStore extends ObjectStore {
  putEdges(edges: readonly Edge[]): void;
  putConnector(connector: Connector): void;
  putSecrets(secrets: readonly Secret[]): void;
  putProducts(products: readonly Product[]): void;
  removeEdge(name: string): void;
}

/** Objects in memory: a change makes a new snapshot, in which everything else is the same object as before. */
export function createMemoryObjectStore(): MemoryObjectStore {
  const listeners = new Set<() => void>();
  let snapshot: ConfigSnapshot = {
    edges: new Map(), connectors: new Map(), products: new Map(), secrets: new Map(), policy: undefined, problems: [],
  }; // prettier-ignore
  const change = (part: Partial<ConfigSnapshot>): void => {
    snapshot = { ...snapshot, ...part };
    for (const listener of [...listeners]) listener();
  };
  return {
    start: () => Promise.resolve(),
    current: () => snapshot,
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    yamlOf: () => undefined,
    close: () => Promise.resolve(),
    putEdges: (edges) => change({ edges: new Map([...snapshot.edges, ...edges.map((edge) => [edge.id, edge] as const)]) }),
    putConnector: (connector) => change({ connectors: new Map([...snapshot.connectors, [connector.id, connector]]) }),
    putSecrets: (secrets) => change({ secrets: new Map([...snapshot.secrets, ...secrets.map((secret) => [secret.id, secret] as const)]) }),
    putProducts: (products) => change({ products: new Map(products.map((product) => [product.id, product] as const)) }),
    removeEdge: (name) => change({ edges: new Map([...snapshot.edges].filter(([id]) => id !== name)) }),
  };
}
