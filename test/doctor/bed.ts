import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { channelTypes } from '../../adapters/registry.ts';
import { agentTypes } from '../../src/agents/registry.ts';
import { type Examined, examine, type SceneOptions } from '../../src/doctor/index.ts';
import { openStore } from '../../src/store/index.ts';
import { emptyFolder } from '../kit/folder.ts';

/** A gateway that is well until somebody plants a fault: `await using bed = await Bed.make()`. */
export class Bed {
  readonly #folder = emptyFolder();
  readonly #guests = new AsyncDisposableStack();
  /** What is in the configuration, a line for each key. */
  readonly yaml = new Map<string, string>([
    ['data_dir', './data'],
    ['gateway', '{ port: 0 }'],
    ['channels', '{ webchat: {} }'],
    ['agents', '{ default: { type: echo } }'],
  ]);
  readonly env: Record<string, string> = {};
  /** What the system is said to be like. */
  system: Pick<SceneOptions, 'node' | 'fileSystem'> = {};

  /** It has run once, and ended. */
  static async make(): Promise<Bed> {
    const bed = new Bed();
    mkdirSync(bed.dataDir, { mode: 0o700 });
    await openStore(bed.dataDir).close();
    bed.write();
    return bed;
  }

  get folder(): string {
    return this.#folder.path;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  get configFile(): string {
    return join(this.folder, 'openclaw.config.yaml');
  }

  /** The folder of one channel, made if need be. */
  channelFolder(channel: string): string {
    const folder = join(this.dataDir, 'channels', channel);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  }

  /** Stays until the end of the test. */
  guest<T extends AsyncDisposable | Disposable>(thing: T): T {
    return this.#guests.use(thing);
  }

  /** A mode that the file has already stays. */
  write(): void {
    const lines = [...this.yaml].map(([key, value]) => `${key}: ${value}`);
    writeFileSync(this.configFile, [...lines, ''].join('\n'), { mode: 0o600 });
  }

  /** All that is found now. */
  async look(): Promise<Examined[]> {
    this.write();
    return examine({
      version: '1.2.3',
      configFile: this.configFile,
      env: this.env,
      channelTypes,
      agentTypes,
      signal: AbortSignal.timeout(20_000),
      node: { version: '24.21.0', lts: 'Krypton' },
      ...this.system,
    });
  }

  /** Only what is not well. */
  async complaints(): Promise<Examined[]> {
    return (await this.look()).filter(({ level }) => level !== 'ok');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#guests.disposeAsync();
    this.#folder[Symbol.dispose]();
  }
}

/** Something that is wrong with a gateway, what the doctor says about it, and what helps. */
export interface Fault {
  readonly name: string;
  plant(bed: Bed): void | Promise<void>;
  readonly found: {
    readonly check: string;
    readonly level: 'warning' | 'problem';
    readonly what: RegExp;
    readonly cure: RegExp;
  };
  /** `fix`: the doctor mends it. Otherwise a person does what the cure says. */
  readonly cure: 'fix' | ((bed: Bed) => void | Promise<void>);
}
