import type { z } from 'zod';
import { API_GROUP, ConnectorSpec, EdgeSpec, ProductSpec, type FleetKind } from '../proxy-server/src/contract/kinds.ts';
import { NAME_RULE } from './crd-rules.ts';
import { toCrdSchema, type CrdSchema, type Validation } from './crd-schema.ts';

interface PrinterColumn {
  readonly name: string;
  readonly type: 'string' | 'date' | 'integer';
  readonly jsonPath: string;
  readonly priority?: number;
  readonly description?: string;
}

interface KindWords {
  readonly plural: string;
  readonly shortName: string;
  readonly description: string;
  readonly spec: z.ZodType;
  readonly columns: readonly PrinterColumn[];
  readonly status?: Readonly<Record<string, CrdSchema>>;
}

export interface RootSchema extends CrdSchema {
  'x-kubernetes-validations': Validation[];
}

/** A CustomResourceDefinition, as far as we use it. */
export interface Crd {
  readonly apiVersion: 'apiextensions.k8s.io/v1';
  readonly kind: 'CustomResourceDefinition';
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced';
    readonly names: Readonly<Record<string, unknown>>;
    readonly versions: readonly {
      readonly name: string;
      readonly served: true;
      readonly storage: true;
      readonly subresources: { readonly status: object };
      readonly additionalPrinterColumns: readonly PrinterColumn[];
      readonly schema: { readonly openAPIV3Schema: RootSchema };
    }[];
  };
}

const condition = (type: string): string => `.status.conditions[?(@.type=="${type}")]`;
const READY: PrinterColumn = { name: 'Ready', type: 'string', jsonPath: `${condition('Ready')}.status` };
const AGE: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' };
const text = (description: string, maxLength: number): CrdSchema => ({ type: 'string', description, maxLength });

const KINDS: Readonly<Record<FleetKind, KindWords>> = {
  Edge: {
    plural: 'edges',
    shortName: 'efe',
    description: 'One remote Argo CD and how the hub treats it.',
    spec: EdgeSpec,
    columns: [
      READY,
      { name: 'Reachable', type: 'string', jsonPath: `${condition('Reachable')}.status` },
      { name: 'Why', type: 'string', jsonPath: `${condition('Reachable')}.reason` },
      { name: 'Connector', type: 'string', jsonPath: '.spec.connectorRef.name' },
      { name: 'Lifecycle', type: 'string', jsonPath: '.spec.lifecycle' },
      { name: 'Access', type: 'string', jsonPath: '.spec.access', priority: 1 },
      { name: 'URL', type: 'string', jsonPath: '.spec.url', priority: 1 },
      AGE,
    ],
    status: {
      identity: {
        type: 'object',
        description: 'The Argo CD that this edge is known by, and the generation of AcceptNext that made it so',
        properties: { id: text('Digest of what makes an Argo CD this one', 256), acceptedGeneration: { type: 'integer', format: 'int64' } },
        required: ['id', 'acceptedGeneration'],
      },
    },
  },
  Connector: {
    plural: 'connectors',
    shortName: 'efc',
    description: 'How a group of edges is reached: through Cloudflare, or directly.',
    spec: ConnectorSpec,
    columns: [READY, { name: 'Why', type: 'string', jsonPath: `${condition('Ready')}.reason` }, AGE],
  },
  Product: {
    plural: 'products',
    shortName: 'efp',
    description: 'The same Applications wherever they run.',
    spec: ProductSpec,
    columns: [READY, { name: 'Why', type: 'string', jsonPath: `${condition('Ready')}.reason` }, AGE],
  },
};

/** The conditions of the Kubernetes API conventions; `lastTransitionTime` moves with status alone. */
const CONDITIONS: CrdSchema = {
  type: 'array',
  description: 'Written by proxy-server, only when they change',
  maxItems: 16,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['type'],
  items: {
    type: 'object',
    required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
    properties: {
      type: text('Ready or Reachable', 316),
      status: { type: 'string', enum: ['True', 'False', 'Unknown'] },
      reason: text('One CamelCase word', 1_024),
      message: text('For people: what is, and what to do', 32_768),
      lastTransitionTime: { type: 'string', format: 'date-time', description: 'When status last changed' },
      observedGeneration: { type: 'integer', format: 'int64', description: 'The generation of spec that this answers' },
    },
  },
};

const observedGeneration: CrdSchema = { type: 'integer', format: 'int64', description: 'The generation of spec that status answers' };

export function toCrd(kind: FleetKind): Crd {
  const words = KINDS[kind];
  const schema: RootSchema = {
    type: 'object',
    description: words.description,
    required: ['spec'],
    properties: {
      apiVersion: { type: 'string' },
      kind: { type: 'string' },
      metadata: { type: 'object' },
      spec: toCrdSchema(words.spec),
      status: { type: 'object', properties: { observedGeneration, conditions: CONDITIONS, ...words.status } },
    },
    'x-kubernetes-validations': [NAME_RULE],
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${words.plural}.${API_GROUP}` },
    spec: {
      group: API_GROUP,
      scope: 'Namespaced',
      names: {
        kind,
        listKind: `${kind}List`,
        plural: words.plural,
        singular: kind.toLowerCase(),
        shortNames: [words.shortName],
        categories: ['edge-fleet'],
      },
      versions: [
        {
          name: 'v1alpha1',
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: words.columns,
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
