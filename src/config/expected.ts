import type { Path } from './problems.ts';

/** As much of JSON Schema as zod writes. */
export interface JsonSchema {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  required?: string[];
  definitions?: Record<string, JsonSchema>;
  [other: string]: unknown;
}

/** The schemas of the value at `path`; several where alternatives allow several. */
export function schemasAt(schema: JsonSchema, path: Path): JsonSchema[] {
  const alternatives = branches(schema);
  const [key, ...rest] = path;
  if (key === undefined) return alternatives;
  return alternatives.flatMap(({ properties, additionalProperties, items }) => {
    const next = typeof key === 'number' ? items : (properties?.[key] ?? additionalProperties);
    return typeof next === 'object' ? schemasAt(next, rest) : [];
  });
}

export function knownKeys(schemas: readonly JsonSchema[]): string[] {
  return [...new Set(schemas.flatMap(({ properties }) => Object.keys(properties ?? {})))];
}

export function allowedWords(schemas: readonly JsonSchema[]): string[] {
  return schemas
    .flatMap((schema) => schema.enum ?? (schema.const === undefined ? [] : [schema.const]))
    .map(String);
}

/** What is allowed, in words: `a whole number from 0 to 65535`. */
export function expectation(schemas: readonly JsonSchema[]): string {
  const words = allowedWords(schemas);
  const others = schemas
    .filter((schema) => schema.enum === undefined && schema.const === undefined)
    .map(describe);
  if (words.length === 1) others.push(String(words[0]));
  if (words.length > 1) others.push(`one of ${words.join(', ')}`);
  return [...new Set(others)].join(' or ') || 'something else';
}

function describe(schema: JsonSchema): string {
  if (Array.isArray(schema.type))
    return schema.type.map((type) => describe({ ...schema, type })).join(' or ');
  switch (schema.type) {
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range(schema)}`;
    case 'number':
      return `a number${range(schema)}`;
    case 'array':
      return schema.items === undefined
        ? 'a list'
        : `a list, each item ${expectation(branches(schema.items))}`;
    case 'object':
      return `a group of keys${keysOf(schema)}`;
    case 'string':
      return schema.format === 'uri' ? 'a URL such as https://example.org' : `a text${form(schema)}`;
    default:
      return 'something else';
  }
}

function range({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (exclusiveMinimum !== undefined)
    return ` above ${exclusiveMinimum}${to === undefined ? '' : ` and up to ${to}`}`;
  if (from !== undefined && to !== undefined) return ` from ${from} to ${to}`;
  if (from !== undefined) return ` from ${from} upwards`;
  return to === undefined ? '' : ` up to ${to}`;
}

function keysOf(schema: JsonSchema): string {
  const keys = knownKeys([schema]);
  return keys.length === 0 ? '' : ` (${keys.join(', ')})`;
}

function form({ pattern, minLength, maxLength }: JsonSchema): string {
  if (pattern !== undefined) return ` of the form ${pattern}`;
  if (maxLength !== undefined) return ` of ${minLength ?? 0} to ${maxLength} characters`;
  return minLength === undefined || minLength < 2 ? '' : ` of at least ${minLength} characters`;
}

function branches(schema: JsonSchema): JsonSchema[] {
  const alternatives = schema.anyOf ?? schema.oneOf;
  return alternatives === undefined ? [schema, ...(schema.allOf ?? [])] : alternatives.flatMap(branches);
}
