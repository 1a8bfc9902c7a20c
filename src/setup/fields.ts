import { type ZodType, z } from 'zod';
import { isSecret } from '../config/index.ts';

/** One key that a person is asked for. */
export interface Field {
  readonly key: string;
  /** What it is, as the schema describes it. */
  readonly words: string;
  readonly secret: boolean;
  readonly fallback?: string;
}

/** What a first configuration of something needs. */
export interface Fields {
  readonly asked: readonly Field[];
  /** Keys that must be there and have one value only, such as `mode: socket`. */
  readonly fixed: Readonly<Record<string, string>>;
}

/** As much of JSON Schema as is read here. */
interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
}

/**
 * Finds out by its schema what to ask about a channel: what is required, and of the rest what is only a guess (an address on
 * this machine, one of several platforms). Of alternatives the first is taken, which is the one that needs no public address.
 */
export function fieldsOf(schema: ZodType): Fields {
  const whole = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  const { properties = {}, required = [] } = whole.oneOf?.[0] ?? whole;
  const asked: Field[] = [];
  const fixed: Record<string, string> = {};
  for (const [key, shape] of Object.entries(properties)) {
    const isRequired = required.includes(key);
    if (shape.const !== undefined) {
      if (isRequired) fixed[key] = String(shape.const);
    } else if (isRequired || isGuess(shape)) {
      asked.push({
        key,
        words: shape.description ?? key,
        secret: isSecret([key]),
        ...(shape.default !== undefined && { fallback: String(shape.default) }),
      });
    }
  }
  return { asked, fixed };
}

function isGuess(shape: Shape): boolean {
  if (shape.default === undefined) return false;
  const isChoice = [shape, ...(shape.anyOf ?? [])].some((one) => one.enum !== undefined);
  return isChoice || String(shape.default).includes('//127.0.0.1');
}
