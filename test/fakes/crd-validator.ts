import { Environment } from '@marcbachmann/cel-js';
import { Ajv } from 'ajv';
import type { Crd } from '../../manifests/crd.ts';
import type { CrdSchema } from '../../manifests/crd-schema.ts';

/** Text checks that CEL's standard library leaves to its host; as the Kubernetes API server has them. */
function celEnvironment(): Environment {
  return new Environment({ unlistedVariablesAreDyn: true });
}

type Compiled = (value: unknown) => readonly string[];

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The rules of one place in the schema, and below it where the value has something there. */
function compileRules(schema: CrdSchema, environment: Environment): Compiled {
  const rules = (schema['x-kubernetes-validations'] ?? []).map(({ rule, message }) => ({ evaluate: environment.parse(rule), message }));
  const properties = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, compileRules(inner, environment)] as const);
  const items = schema.items === undefined ? undefined : compileRules(schema.items, environment);
  const additional = schema.additionalProperties === undefined ? undefined : compileRules(schema.additionalProperties, environment);
  return (value) => {
    const broken = rules.filter(({ evaluate }) => evaluate({ self: value }) !== true).map(({ message }) => message);
    if (Array.isArray(value)) return [...broken, ...value.flatMap((item) => items?.(item) ?? [])];
    if (!isRecord(value)) return broken;
    const inner = properties.flatMap(([name, compiled]) => (Object.hasOwn(value, name) ? compiled(value[name]) : []));
    return [...broken, ...inner, ...(additional === undefined ? [] : Object.values(value).flatMap(additional))];
  };
}

/** Fields that the schema does not know, as `kubectl apply` (strict field validation) refuses them. */
function unknownFields(schema: CrdSchema, value: unknown, at: string): readonly string[] {
  if (Array.isArray(value))
    return value.flatMap((item, n) => (schema.items === undefined ? [] : unknownFields(schema.items, item, `${at}[${n}]`)));
  if (!isRecord(value) || schema.properties === undefined) return [];
  const { properties } = schema;
  return Object.entries(value).flatMap(([name, inner]) => {
    const known = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return known === undefined ? [`unknown field "${at}.${name}"`] : unknownFields(known, inner, `${at}.${name}`);
  });
}

/** Kubernetes' own rules come first and stop the rest, so CEL never sees a value of the wrong type. */
function withoutExtensions(schema: CrdSchema): object {
  return JSON.parse(
    JSON.stringify(schema, (key, value: unknown) => (key.startsWith('x-kubernetes-') || key === 'format' ? undefined : value)),
  );
}

/**
 * Plays the part of the Kubernetes API server that takes or refuses an object of a CRD: schema, unknown fields, CEL rules. CEL comes from an
 * implementation of its own in npm; what it and the server may see differently is kept out of our rules.
 */
export function createCrdValidator(crd: Crd): (object: unknown) => readonly string[] {
  const schema = crd.spec.versions[0]!.schema.openAPIV3Schema;
  const ajv = new Ajv({ allErrors: true, strict: false });
  const structural = ajv.compile(withoutExtensions(schema));
  const rules = compileRules(schema, celEnvironment());
  return (object) => {
    if (!structural(object)) return (structural.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
    const strict = Object.entries(schema.properties ?? {})
      .filter(([name]) => name !== 'metadata')
      .flatMap(([name, inner]) => (isRecord(object) && name in object ? unknownFields(inner, object[name], `.${name}`) : []));
    return [...strict, ...rules(object)];
  };
}
