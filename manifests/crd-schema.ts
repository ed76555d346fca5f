/**
 * From zod to the structural schema of a CRD. Zod's own JSON Schema loses the messages and says things that a CRD may not
 * (additionalProperties: false, const, anyOf with properties), so the definitions are walked here; an unknown one stops the generation.
 */
import { z } from 'zod';
import { CEL_RULES, keysRule, patternRule } from './crd-rules.ts';

export interface Validation {
  readonly rule: string;
  readonly message: string;
}

/** The part of Kubernetes' JSONSchemaProps that our kinds need. */
export interface CrdSchema {
  type: string;
  description?: string;
  properties?: Record<string, CrdSchema>;
  required?: string[];
  items?: CrdSchema;
  additionalProperties?: CrdSchema;
  enum?: (string | boolean)[];
  format?: string;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  maxProperties?: number;
  'x-kubernetes-validations'?: Validation[];
  'x-kubernetes-list-type'?: string;
  'x-kubernetes-list-map-keys'?: string[];
}

/** Texts without a limit of their own are bounded by a pattern; the Kubernetes API wants the bound as a number to price the rules. */
const PATTERN_BOUND_CHARS = 256;
const MAX_LABELS = 400;

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType;
const fail = (what: string): never => {
  throw new Error(`manifests/crd-schema.ts cannot say this in a CRD: ${what}`);
};
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
const schemaAt = (def: unknown, name: string): z.ZodType => {
  const value = field(def, name);
  return isSchema(value) ? value : fail(name);
};

interface Check {
  readonly kind: string;
  readonly number: number | undefined;
  readonly pattern: RegExp | undefined;
  readonly message: string | undefined;
}

function messageOf(def: unknown): string | undefined {
  const error = field(def, 'error');
  const message: unknown = typeof error === 'function' ? Reflect.apply(error, undefined, [{ input: 'x' }]) : undefined;
  return typeof message === 'string' ? message.replace(/": [^"]*$/, '"') : undefined;
}

function checksOf(schema: z.ZodType): readonly Check[] {
  const checks = schema._zod.def.checks ?? [];
  return checks.map((check) => {
    const def: unknown = check._zod.def;
    const number = field(def, 'maximum') ?? field(def, 'minimum');
    const pattern = field(def, 'pattern');
    return {
      kind: String(field(def, 'check')),
      number: typeof number === 'number' ? number : undefined,
      pattern: pattern instanceof RegExp ? pattern : undefined,
      message: messageOf(def),
    };
  });
}

/** A check made of code, as CEL. */
function celOf(check: Check): Validation {
  const message = check.message ?? '';
  const known = Object.entries(CEL_RULES).find(([beginning]) => message.startsWith(beginning));
  return known === undefined ? fail(`the check "${message}" has no rule in crd-rules.ts`) : { rule: known[1].rule, message };
}

function validationsOf(schema: z.ZodType): Validation[] {
  return checksOf(schema).flatMap((check) => {
    if (check.kind === 'custom') return [celOf(check)];
    if (check.pattern === undefined) return [];
    return [{ rule: patternRule(check.pattern), message: check.message ?? fail(`pattern ${check.pattern.source} without words`) }];
  });
}

const withValidations = (crd: CrdSchema, validations: Validation[]): CrdSchema =>
  validations.length === 0 ? crd : { ...crd, 'x-kubernetes-validations': validations };

function limit(schema: z.ZodType, kind: 'min_length' | 'max_length'): number | undefined {
  const numbers = checksOf(schema).flatMap((check) => (check.kind === kind && check.number !== undefined ? [check.number] : []));
  return numbers.at(-1);
}

function textSchema(schema: z.ZodType): CrdSchema {
  const minLength = limit(schema, 'min_length');
  const maxLength = limit(schema, 'max_length') ?? PATTERN_BOUND_CHARS;
  return withValidations({ type: 'string', ...(minLength === undefined ? {} : { minLength }), maxLength }, validationsOf(schema));
}

function listSchema(schema: z.ZodType): CrdSchema {
  const minItems = limit(schema, 'min_length');
  const maxItems = limit(schema, 'max_length') ?? fail('a list without a limit');
  const items = toCrdSchema(schemaAt(schema._zod.def, 'element'));
  return withValidations({ type: 'array', ...(minItems === undefined ? {} : { minItems }), maxItems, items }, validationsOf(schema));
}

function mapSchema(schema: z.ZodType): CrdSchema {
  const keys = checksOf(schemaAt(schema._zod.def, 'keyType')).find((check) => check.pattern !== undefined);
  const additionalProperties = toCrdSchema(schemaAt(schema._zod.def, 'valueType'));
  const rules: Validation[] =
    keys?.pattern === undefined ? [] : [{ rule: keysRule(keys.pattern), message: keys.message ?? fail('keys without words') }];
  return withValidations({ type: 'object', maxProperties: MAX_LABELS, additionalProperties }, [...rules, ...validationsOf(schema)]);
}

function objectSchema(schema: z.ZodType): CrdSchema {
  const shape = field(schema._zod.def, 'shape');
  const properties: Record<string, CrdSchema> = {};
  const required: string[] = [];
  for (const [name, part] of Object.entries(typeof shape === 'object' && shape !== null ? shape : fail('an object without fields'))) {
    const inner: unknown = part;
    if (!isSchema(inner)) return fail(name);
    properties[name] = toCrdSchema(inner);
    if (inner._zod.def.type !== 'optional') required.push(name);
  }
  const crd: CrdSchema = { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
  return withValidations(crd, validationsOf(schema));
}

/** Objects that differ in one field: all fields in one schema, and a rule that exactly one of the two is there. */
function unionSchema(schema: z.ZodType): CrdSchema {
  const options = field(schema._zod.def, 'options');
  const parts = Array.isArray(options) ? options.filter(isSchema).map(objectSchema) : fail('a union');
  const properties = Object.assign({}, ...parts.map((part) => part.properties ?? {}));
  const common = (parts[0]?.required ?? []).filter((name) => parts.every((part) => part.required?.includes(name) === true));
  const own = parts.flatMap((part) => part.required?.filter((name) => !common.includes(name)) ?? []);
  if (own.length !== 2) return fail(`a choice between ${own.join(', ')}`);
  const rule = own.map((name) => `has(self.${name})`).join(' != ');
  return withValidations({ type: 'object', properties, required: common }, [
    { rule, message: `Write exactly one of ${own.join(' and ')}` },
  ]);
}

function plainSchema(schema: z.ZodType): CrdSchema {
  const { def } = schema._zod;
  switch (def.type) {
    case 'string':
      return textSchema(schema);
    case 'boolean':
      return { type: 'boolean' };
    case 'literal':
      return { type: 'boolean', enum: [true] };
    case 'enum':
      return { type: 'string', enum: Object.values(field(def, 'entries') ?? {}).map(String) };
    case 'array':
      return listSchema(schema);
    case 'record':
      return mapSchema(schema);
    case 'object':
      return objectSchema(schema);
    case 'union':
      return unionSchema(schema);
    default:
      return fail(def.type);
  }
}

export function toCrdSchema(schema: z.ZodType): CrdSchema {
  const description = z.globalRegistry.get(schema)?.description;
  const crd = schema._zod.def.type === 'optional' ? toCrdSchema(schemaAt(schema._zod.def, 'innerType')) : plainSchema(schema);
  return description === undefined ? crd : { ...crd, description };
}
