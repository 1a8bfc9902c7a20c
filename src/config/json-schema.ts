import { type ZodType, z } from 'zod';
import type { AgentType, ChannelType } from '../contract/index.ts';
import type { JsonSchema } from './expected.ts';
import { agentKeys, channelKeys, configKeys } from './schema.ts';

/** Types by name, already imported. */
export interface Types {
  readonly channels: Readonly<Record<string, ChannelType>>;
  readonly agents: Readonly<Record<string, AgentType>>;
}

/** The whole configuration as a JSON Schema (draft 7, which all editors know): they complete keys and show descriptions by it. */
export function configJsonSchema({ channels, agents }: Types): JsonSchema {
  const { properties = {}, ...whole } = toJson(configKeys);
  const schema: JsonSchema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...whole,
    title: 'openclaw-gateway configuration',
    properties: {
      ...properties,
      channels: {
        ...properties.channels,
        properties: Object.fromEntries(
          Object.keys(channels).map((name) => [name, channelCalled(name, channels)]),
        ),
        additionalProperties: channelCalled(undefined, channels),
      },
      agents: {
        ...properties.agents,
        additionalProperties: {
          anyOf: Object.keys(agents).map((type) => ({ $ref: `#/definitions/agent-${type}` })),
        },
      },
    },
    definitions: {
      ...definitionsOf('channel', channels, channelKeys),
      ...definitionsOf('agent', agents, agentKeys),
    },
  };
  const variable = {
    type: 'string',
    pattern: '\\$\\{',
    description: 'From the environment, or from a file.',
  };
  const relaxed = relax(schema);
  return { ...relaxed, definitions: { variable, ...relaxed.definitions } };
}

function definitionsOf(
  kind: string,
  types: Types['channels'] | Types['agents'],
  common: ZodType,
): Record<string, JsonSchema> {
  const entries = Object.entries(types).map(([type, { options }]) => {
    return [`${kind}-${type}`, combined(type, toJson(common), toJson(options))] as const;
  });
  return Object.fromEntries(entries);
}

/** The keys of all channels (or agents) and a type's own ones, in one. */
function combined(type: string, common: JsonSchema, own: JsonSchema): JsonSchema {
  const alternatives = own.anyOf ?? own.oneOf;
  if (alternatives !== undefined) return { anyOf: alternatives.map((one) => combined(type, common, one)) };
  const properties = {
    ...common.properties,
    type: { ...common.properties?.type, const: type },
    ...own.properties,
  };
  const required = [...(common.required ?? []), ...(own.required ?? [])];
  return { ...own, properties, required };
}

const SAYS_ITS_TYPE: JsonSchema = { type: 'object', properties: { type: {} }, required: ['type'] };

/** Which types a channel may have: it says which, unless its name does. */
function channelCalled(name: string | undefined, types: Types['channels']): JsonSchema {
  const anyOf = Object.keys(types).map((type) => {
    const $ref = `#/definitions/channel-${type}`;
    return type === name ? { $ref } : { allOf: [{ $ref }, SAYS_ITS_TYPE] };
  });
  return { anyOf };
}

/** A part of the whole: without the marks of a document of its own. */
function toJson(schema: ZodType): JsonSchema {
  const whole = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
  }) as JsonSchema;
  const { $schema: _, ...json } = whole;
  return json;
}

/** Also accepts what the schema never sees: `${…}` in the place of any value, and groups with nothing in them. */
function relax(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items, anyOf, oneOf, definitions, ...rest } = schema;
  const relaxed: JsonSchema = {
    ...rest,
    ...(properties && { properties: mapValues(properties, relax) }),
    ...(additionalProperties !== undefined && {
      additionalProperties:
        typeof additionalProperties === 'object' ? relax(additionalProperties) : additionalProperties,
    }),
    ...(items && { items: relax(items) }),
    ...(anyOf && { anyOf: anyOf.map(relax) }),
    ...(oneOf && { anyOf: oneOf.map(relax) }),
    ...(definitions && { definitions: mapValues(definitions, relax) }),
  };
  if (schema.type === 'object') return { ...relaxed, type: ['object', 'null'] };
  if (!needsVariable(schema)) return relaxed;
  const { description, default: usual, ...form } = relaxed;
  return {
    ...(description !== undefined && { description }),
    ...(usual !== undefined && { default: usual }),
    anyOf: [form, { $ref: '#/definitions/variable' }],
  };
}

function needsVariable({ type, enum: words, format, pattern }: JsonSchema): boolean {
  if (type === 'number' || type === 'integer' || type === 'boolean') return true;
  return type === 'string' && (words ?? format ?? pattern) !== undefined;
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
