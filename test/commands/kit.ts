import { createCommands } from '../../src/commands/index.ts';
import type { Agent, InboundMessage } from '../../src/contract/index.ts';
import { chatId, senderId } from '../../src/contract/index.ts';
import { parrot, ScriptedChannel, TestGateway } from '../gateway/harness.ts';
import { emptyFolder } from '../kit/folder.ts';

type More = ConstructorParameters<typeof TestGateway>[3];

/** A gateway with all commands, on two channels on which people write. */
export class Town implements AsyncDisposable {
  readonly hub: TestGateway;
  readonly telegram: ScriptedChannel;
  readonly slack: ScriptedChannel;
  readonly #folder: ReturnType<typeof emptyFolder>;

  private constructor(agent: Agent, more: More, channels: readonly ScriptedChannel[]) {
    this.#folder = emptyFolder();
    [this.telegram, this.slack] = channels as [ScriptedChannel, ScriptedChannel];
    this.hub = new TestGateway(this.#folder.path, channels, agent, { commands: createCommands, ...more });
  }

  static async build(
    more: More & { agent?: Agent } = {},
    channels = [new ScriptedChannel('telegram'), new ScriptedChannel('slack')],
    connected = channels.length,
  ): Promise<Town> {
    const { agent = parrot(), ...rest } = more;
    const town = new Town(agent, rest, channels);
    await town.hub.start();
    await town.hub.untilConnected(connected);
    return town;
  }

  get operations() {
    return this.hub.gateway.operations;
  }

  /** Somebody writes; gives what was said next in that chat. */
  async ask(
    channel: ScriptedChannel,
    chat: string,
    text: string,
    more: Partial<InboundMessage> = {},
  ): Promise<string> {
    const before = channel.textsIn(chat).length;
    await channel.say(chat, text, more);
    await this.untilSaid(channel, chat, before + 1);
    return channel.textsIn(chat)[before] ?? '';
  }

  /** In a group, to us. */
  askIn(channel: ScriptedChannel, group: string, who: string, text: string): Promise<string> {
    const chat = { id: chatId(group), kind: 'group' as const };
    return this.ask(channel, group, text, { chat, sender: { id: senderId(who) } });
  }

  async untilSaid(channel: ScriptedChannel, chat: string, count: number): Promise<void> {
    while (channel.textsIn(chat).length < count) {
      await this.hub.until('outbound.sent', this.hub.count('outbound.sent') + 1);
    }
  }

  /** Makes somebody an admin, as from the terminal. */
  async makeAdmin(channel: ScriptedChannel, chat: string): Promise<void> {
    const { people } = this.operations;
    const { code } = await people.change(() => people.claimCode());
    await this.ask(channel, chat, `/claim ${code}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub.stop();
    this.#folder[Symbol.dispose]();
  }
}

/** The first code in a text. */
export function codeIn(text: string): string {
  return /[A-Z2-9]{4}-[A-Z2-9]{4}/.exec(text)?.[0] ?? '';
}
