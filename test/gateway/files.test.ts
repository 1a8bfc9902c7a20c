import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { type AgentEvent, type Attachment, ChannelError, type Turn } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, parrot, ScriptedChannel, TestGateway } from './harness.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const ZIP = Buffer.from('504b03040a0000000000', 'hex');

/** A channel whose attachments are fetched from `contents`, by their ref. */
function channelWith(contents: Record<string, () => AsyncIterable<Uint8Array>>) {
  const fetched: string[] = [];
  const channel = new ScriptedChannel('a', 'none', {
    capabilities: { downloads: true, files: { maxBytes: 1_000, captionLimit: 40, perMessage: 3 } },
    methods: {
      async download({ ref = '' }) {
        fetched.push(ref);
        const content = contents[ref];
        if (content === undefined) throw new ChannelError('rejected', 'gone');
        return content();
      },
    },
  });
  return { channel, fetched };
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content.subarray(0, 10);
  yield content.subarray(10);
}

/** What the agent got of a message with these attachments. */
async function received(
  attachments: readonly Attachment[],
  contents: Record<string, () => AsyncIterable<Uint8Array>>,
  look: (attachments: readonly Attachment[], turn: Turn) => void,
): Promise<string[]> {
  using folder = emptyFolder();
  const { channel, fetched } = channelWith(contents);
  const agent = agentOf((turn) => {
    look(turn.messages.at(-1)?.attachments ?? [], turn);
    return 'seen';
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'look', { attachments });
  await hub.until('outbound.sent');
  expect(channel.textsIn('ann')).toEqual(['seen']);
  await hub.stop();
  return fetched;
}

test('an attachment is in the workspace before the agent runs, under a safe name, with its type by content', async () => {
  const attachment = { kind: 'file', name: '../../e\u202Evil\0.exe', mime: 'text/html', ref: 'p' } as const;
  await received([attachment], { p: () => once(PNG) }, ([file], turn) => {
    expect(file?.stored).toMatchObject({ mime: 'image/png', bytes: PNG.length });
    const path = file?.stored?.path ?? '';
    expect(path.startsWith(join(turn.workspace(), 'in'))).toBe(true);
    expect(basename(path)).toMatch(/^[0-9a-z]+-0-e-vil\.png$/);
    expect(readFileSync(path)).toEqual(PNG);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(turn.workspace()).mode & 0o777).toBe(0o700);
  });
});

test('what is not wanted, too large, endless, gone or one too many is refused with a reason, and the message is answered', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) yield Buffer.alloc(100_000, 'x');
  }
  const of = (ref: string, more: Partial<Attachment> = {}): Attachment => ({ kind: 'file', ref, ...more });
  const contents = { zip: () => once(ZIP), endless };
  const refusals = (list: readonly Attachment[]) => list.map(({ refused }) => refused);
  await received([of('zip'), of('endless'), of('gone')], contents, (list) => {
    expect(refusals(list)).toEqual([
      'files of the type application/zip are not taken',
      'it is larger than 1 MB',
      'the platform does not have it any more',
    ]);
  });
  const fetched = await received(
    [of('big', { bytes: 1_000_001 }), of('zip'), of('zip'), of('zip')],
    contents,
    (list) => {
      expect(refusals(list)[0]).toBe('it is larger than 1 MB');
      expect(refusals(list)[3]).toBe('only 3 files of a message are fetched');
    },
  );
  expect(fetched, 'what is too large by its own word is not even asked for').toEqual(['zip', 'zip']);
});

test('a platform that fails for a while costs another run of the turn, one that fails for good the file', async () => {
  using folder = emptyFolder();
  let failures = 1;
  const flaky = channelWith({
    p: () => {
      if (failures-- > 0) throw new ChannelError('network', 'cut');
      return once(PNG);
    },
  });
  const seen: unknown[] = [];
  const agent = agentOf((turn) => {
    seen.push(turn.messages.at(-1)?.attachments?.[0]?.stored?.mime);
    return 'seen';
  });
  const hub = await new TestGateway(folder.path, [flaky.channel], agent).start();
  await flaky.channel.say('ann', '', { attachments: [{ kind: 'image', ref: 'p' }] });
  await hub.until('outbound.sent');
  expect(hub.count('turn.retry')).toBe(1);
  expect(seen).toEqual(['image/png']);
  await hub.stop();
});

test('what an agent makes arrives after its text, pictures together; a short text is their caption', async () => {
  using folder = emptyFolder();
  const { channel } = channelWith({});
  const agent = agentOf(async function* (turn): AsyncIterable<AgentEvent> {
    const path = join(turn.workspace(), 'notes.txt');
    writeFileSync(path, 'from the workspace');
    const [, long] = turn.messages.at(-1)?.text.split(' ') ?? [];
    yield { type: 'chunk', text: long === undefined ? 'Here:' : 'x'.repeat(50) };
    yield { type: 'artifact', file: { name: 'one.png', content: PNG } };
    yield { type: 'artifact', file: { name: 'two.jpg', content: PNG } };
    yield { type: 'artifact', file: { name: 'notes', content: { path } } };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'short');
  await hub.until('outbound.sent', 2);
  await channel.say('ann', 'very long');
  await hub.until('outbound.sent', 5);
  const shape = channel.arrived.map(({ body, files = [] }) => [
    body.text.length,
    files.map(({ name }) => name),
  ]);
  expect(shape).toEqual([
    [5, ['one.png', 'two.png']],
    [0, ['notes.txt']],
    [50, []],
    [0, ['one.png', 'two.png']],
    [0, ['notes.txt']],
  ]);
  expect(channel.arrived[0]?.files?.[0]).toMatchObject({
    kind: 'image',
    mime: 'image/png',
    bytes: PNG.length,
  });
  await hub.stop();
});

test('a file outside the workspace is not sent, by path or by link; one that is too large is told of', async () => {
  using folder = emptyFolder();
  const { channel } = channelWith({});
  const agent = agentOf(async function* (turn): AsyncIterable<AgentEvent> {
    const link = join(turn.workspace(), 'link.txt');
    symlinkSync('/etc/hostname', link);
    yield { type: 'chunk', text: 'Here:' };
    yield { type: 'artifact', file: { name: 'a', content: { path: '/etc/hostname' } } };
    yield { type: 'artifact', file: { name: 'b', content: { path: link } } };
    yield { type: 'artifact', file: { name: 'big.txt', content: Buffer.alloc(2_000, 'x') } };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'go');
  await hub.until('outbound.sent');
  expect(channel.arrived.flatMap(({ files = [] }) => files)).toEqual([]);
  expect(channel.textsIn('ann')[0]).toMatch(
    /^Here:\n\n_I made the file big\.txt .* at most 0\.0 MB can be sent here\._$/,
  );
  await hub.stop();
});

test('an answer of too many messages is sent as a file, with its beginning before it', async () => {
  using folder = emptyFolder();
  const { channel } = channelWith({});
  Object.assign(channel.adapter.capabilities, {
    textLimit: 100,
    files: { maxBytes: 1e6, captionLimit: 0, perMessage: 1 },
  });
  const answer = Array.from({ length: 300 }, (_, index) => `Paragraph ${index}.`).join('\n\n');
  const agent = agentOf(() => answer);
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'go');
  await hub.until('outbound.sent', 2);
  const [text, file] = channel.arrived;
  expect(text?.body.text).toMatch(/^Paragraph 0\.\n\n.*the whole answer is in the file/s);
  expect(file?.files?.map(({ name, mime }) => [name, mime])).toEqual([['answer.md', 'text/markdown']]);
  expect(readFileSync(file?.files?.[0].path ?? '', 'utf8')).toBe(answer);
  await hub.stop();
});

test('files of an answer survive a kill between commit and send', async () => {
  using folder = emptyFolder();
  const { channel } = channelWith({});
  channel.onSend = () => new Promise(() => {});
  const agent = agentOf(async function* (): AsyncIterable<AgentEvent> {
    yield { type: 'chunk', text: 'x'.repeat(50) };
    yield { type: 'artifact', file: { name: 'one.png', content: PNG } };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'go');
  await hub.until('turn.ended');
  await hub.stop();
  const next = channelWith({}).channel;
  const again = await new TestGateway(folder.path, [next], parrot()).start();
  await again.until('outbound.sent', 2);
  expect(readFileSync(next.arrived[1]?.files?.[0].path ?? '')).toEqual(PNG);
  await again.stop();
});

test('an album is one turn, however its parts arrive', async () => {
  using folder = emptyFolder();
  const { channel } = channelWith({ p: () => once(PNG) });
  const asked: number[] = [];
  const agent = agentOf((turn) => {
    asked.push(turn.messages.length);
    return `${turn.messages.flatMap(({ attachments = [] }) => attachments).length} pictures`;
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  const part = { album: 'x', attachments: [{ kind: 'image', ref: 'p' }] } as const;
  for (const text of ['Look!', '', '']) await channel.say('ann', text, part);
  await channel.say('ann', 'And?');
  await hub.until('outbound.sent', 2);
  expect(channel.textsIn('ann')).toEqual(['3 pictures', '0 pictures']);
  expect(asked).toEqual([3, 1]);
  expect(hub.events('turn.ended').map(({ messages }) => messages)).toEqual([3, 1]);
  await hub.stop();
});
