import { agentTypes } from '../../src/agents/registry.ts';
import type {
  Agent,
  AgentError,
  AgentEvent,
  AgentId,
  HistoryEntry,
  InboundMessage,
  Language,
  SessionId,
  Turn,
  TurnId,
} from '../../src/contract/index.ts';
import { chatId, platformMessageId, senderId } from '../../src/contract/index.ts';
import type { FakeOpenAI } from '../platforms/openai.ts';

const agentId = 'default' as AgentId;
const session = 'session-1' as SessionId;

/** Makes an agent as the gateway does: by the name of its type, from the keys in the YAML. */
export async function makeAgent(type: string, keys: Record<string, unknown> = {}): Promise<Agent> {
  const load = agentTypes[type];
  if (load === undefined) throw new Error(`no agent type ${type}`);
  const { options, create } = await load();
  return create(agentId, options.parse(keys));
}

/** An `llm` agent that asks the fake. */
export function llmAt(fake: FakeOpenAI, keys: Record<string, unknown> = {}): Promise<Agent> {
  return makeAgent('llm', {
    provider: 'openai-compatible',
    base_url: fake.baseUrl,
    model: 'fake-model',
    ...keys,
  });
}

export function said(text: string, more: Partial<InboundMessage> = {}): InboundMessage {
  return {
    dedupeKey: '1',
    chat: { id: chatId('c1'), kind: 'direct' },
    sender: { id: senderId('s1'), name: 'Ann' },
    platformId: platformMessageId('1'),
    sentAt: 0,
    text,
    addressed: true,
    ...more,
  };
}

export function turnOf(
  messages: string | InboundMessage | readonly InboundMessage[],
  more: {
    history?: readonly HistoryEntry[];
    language?: Language;
    signal?: AbortSignal;
    later?: readonly InboundMessage[];
  } = {},
): Turn {
  const later = [...(more.later ?? [])];
  const list = typeof messages === 'string' ? [said(messages)] : [messages].flat();
  return {
    id: 'turn-1' as TurnId,
    session,
    attempt: 1,
    messages: list,
    history: more.history ?? [],
    more: async () => later.splice(0),
    language: more.language ?? 'en',
    workspace: () => {
      throw new Error('there are no files here');
    },
    signal: more.signal ?? new AbortController().signal,
  };
}

/** What came of a turn. */
export interface Outcome {
  readonly events: readonly AgentEvent[];
  readonly text: string;
  readonly error: AgentError | undefined;
}

/** Starts a turn; `onEvent` sees each event as it comes. */
export async function ask(
  agent: Agent,
  turn: Turn,
  onEvent: (event: AgentEvent) => void = () => {},
): Promise<Outcome> {
  const runtime = await agent.open(session, undefined);
  const events: AgentEvent[] = [];
  for await (const event of runtime.run(turn)) {
    events.push(event);
    onEvent(event);
  }
  await runtime.close();
  const last = events.at(-1);
  return {
    events,
    text: events.flatMap((event) => (event.type === 'chunk' ? [event.text] : [])).join(''),
    error: last?.type === 'error' ? last.error : undefined,
  };
}

/** The value of the `data` event of this name. */
export function dataOf({ events }: Outcome, name: string): unknown {
  const found = events.find((event) => event.type === 'data' && event.name === name);
  return found?.type === 'data' ? found.value : undefined;
}
