/** The keys of a channel or an agent, as they stand in the YAML; a secret in it still has its value. */
export type Values = Readonly<Record<string, string | number | boolean>>;

/** What the configuration is to say. */
export interface Plan {
  readonly port: number;
  /** As it is to be written. */
  readonly dataDir: string;
  /** By their type, which is also their name. */
  readonly channels: ReadonlyMap<string, Values>;
  /** The agent `default`. */
  readonly agent: Values;
}

/** Whether a value comes from elsewhere: it is written down as it is. */
export function isReference(value: string): boolean {
  return value.includes('${');
}
