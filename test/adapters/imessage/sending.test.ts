import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  ChannelError,
  chatId,
  type OutboundFile,
  platformMessageId,
  type TurnId,
} from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { bench, outbound, soon } from './harness.ts';

const turn = '0000000000000001' as TurnId;

describe('a message', () => {
  it('arrives, and is known by its id from then on', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const receipt = await b.adapter.send(outbound('Hello'), soon());
    expect(b.server.seen).toMatchObject([{ chat: 'iMessage;-;alice@example.org', text: 'Hello' }]);
    expect(receipt.platformId).toBe(b.server.seen[0]?.guid);
    expect(b.server.asked[0]).toMatchObject({ method: 'apple-script', tempGuid: '0000000000000001-1' });
  });

  it('is not taken for somebody else’s when it comes back', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.adapter.send(outbound('Hello'), soon());
    await b.polled();
    expect(b.host.messages).toEqual([]);
  });

  it('is a reply where the Private API is there, and a plain message elsewhere', async () => {
    const replyTo = platformMessageId('G1');
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.adapter.send(outbound('plain', { replyTo }), soon());
    await b.stop();
    b.server.privateApi = true;
    await b.adapter.start(b.host);
    await b.adapter.send(outbound('reply', { replyTo }), soon());
    expect(b.server.seen).toMatchObject([{ text: 'plain' }, { text: 'reply', replyTo: 'G1' }]);
    expect(b.server.seen[0]?.replyTo).toBeUndefined();
  });

  it('says that it may be there already', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.adapter.send(outbound('Hello', { possiblyRepeated: true }), soon());
    expect(b.server.seen[0]?.text).toBe('↻ sent again after an interruption\n\nHello');
  });

  it('can be a file', async () => {
    using folder = emptyFolder();
    await using b = await bench();
    await b.adapter.start(b.host);
    const content = Buffer.from([0, 1, 2, 250]);
    await b.adapter.send(outbound('', { files: [fileIn(folder.path, 'täble 1.png', content)] }), soon());
    expect(b.server.seen).toMatchObject([{ file: { name: 'täble 1.png', mime: 'image/png', content } }]);
  });

  it('never saves its file elsewhere on the Mac', async () => {
    using folder = emptyFolder();
    await using b = await bench();
    await b.adapter.start(b.host);
    const file = { ...fileIn(folder.path, 'x', Buffer.of(1)), name: '../../Library/x.sh' };
    await b.adapter.send(outbound('', { files: [file] }), soon());
    expect(b.server.seen).toMatchObject([{ file: { name: 'x.sh' } }]);
  });

  it.each(['SMS;-;$(reboot)', 'SMS;-;`id`', 'SMS;-;"x'])('is no command for the Mac: %s', async (id) => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const chat = { id: chatId(id), kind: 'direct' } as const;
    expect(await failure(b.adapter.send(outbound('Hi', { chat }), soon()))).toMatchObject({
      kind: 'rejected',
    });
    expect(b.server.asked).toEqual([]);
  });

  it('that is a file says before it that it may be there already', async () => {
    using folder = emptyFolder();
    await using b = await bench();
    await b.adapter.start(b.host);
    const files = [fileIn(folder.path, 'cat.png', Buffer.of(1))] as const;
    const { platformId } = await b.adapter.send(outbound('', { files, possiblyRepeated: true }), soon());
    const [note, file] = b.server.seen;
    expect(note?.text).toBe('↻ sent again after an interruption');
    expect(file).toMatchObject({ guid: platformId, file: { name: 'cat.png' } });
  });

  it('whose file is gone is refused', async () => {
    using folder = emptyFolder();
    await using b = await bench();
    await b.adapter.start(b.host);
    const file = { ...fileIn(folder.path, 'x', Buffer.of(1)), path: join(folder.path, 'gone') };
    expect(await failure(b.adapter.send(outbound('', { files: [file] }), soon()))).toMatchObject({
      kind: 'rejected',
    });
  });

  it.each([
    ['# Title\n\n**bold** [link](https://example.org/)', 'Title\n\nbold link (https://example.org/)'],
    ['- a\n  - b\n\n`code`', '• a\n  • b\n\ncode'],
  ])('is read as plain text: %j', async (markdown, text) => {
    await using b = await bench();
    expect(b.adapter.render(markdown)).toEqual([{ text }]);
  });
});

function fileIn(folder: string, name: string, content: Buffer): OutboundFile {
  const path = join(folder, 'file');
  writeFileSync(path, content);
  return { kind: 'image', path, name, mime: 'image/png', bytes: content.length };
}

describe('a refusal', () => {
  it.each([
    [400, {}, { kind: 'rejected', certain: true }],
    [
      400,
      { error: { message: 'Message is already queued to be sent! (Temp GUID: x)' } },
      { kind: 'unavailable', certain: false },
    ],
    [401, {}, { kind: 'auth', certain: true, hint: expect.any(String) }],
    [404, {}, { kind: 'rejected' }],
    [413, {}, { kind: 'rejected' }],
    [429, {}, { kind: 'rate_limited', certain: true }],
    [
      500,
      { message: 'Message Send Error', error: { message: 'Message send timeout' } },
      { kind: 'unavailable', certain: false },
    ],
    [
      500,
      { error: { message: 'iMessage Private API Helper is not connected!' } },
      { kind: 'unavailable', certain: true },
    ],
    [504, 'Gateway Timeout', { kind: 'unavailable', certain: false }],
  ])('%i %j', async (status, body, expected) => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.server.fail('message/text', { kind: 'status', status, body });
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject(expected);
  });

  it.each([
    [22, { kind: 'rejected', certain: true }],
    [4, { kind: 'unavailable', certain: true, hint: expect.any(String) }],
  ])('by Apple: error %i', async (code, expected) => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.server.sendErrors.push(code);
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject(expected);
    expect(b.server.seen).toEqual([]);
  });

  it('of a second attempt while the first is under way: nobody knows, and it is not sent twice', async () => {
    await using b = await bench();
    const messages = Promise.withResolvers<void>();
    b.server.sending = messages.promise;
    await b.adapter.start(b.host);
    const impatient = new AbortController();
    const first = failure(b.adapter.send(outbound('Hi'), impatient.signal));
    await b.server.until(() => b.server.asked.length === 1, 'the first attempt');
    impatient.abort();
    expect(await first).toMatchObject({ kind: 'network', certain: false });
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject({
      kind: 'unavailable',
      certain: false,
    });
    messages.resolve();
    await b.server.until(() => b.server.seen.length > 0, 'the first attempt to end');
    expect(b.server.seen).toHaveLength(1);
  });

  it('is certain when the server is not there at all', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.server.stop();
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject({
      kind: 'network',
      certain: true,
    });
  });

  it('ends a send with a stop', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.server.fail('message/text', { kind: 'hang' });
    const sending = failure(b.adapter.send(outbound('Hi'), soon()));
    await b.server.until(() => b.server.requests.get('message/text') === 1, 'the attempt');
    await b.adapter.stop();
    expect((await sending).certain).toBe(false);
  });
});

describe('typing', () => {
  it('is shown where the Private API is there', async () => {
    await using b = await bench();
    b.server.privateApi = true;
    await b.adapter.start(b.host);
    b.adapter.startTyping?.(outbound('').chat.id, turn, soon(), platformMessageId('G1'));
    await b.server.until(() => b.server.typing.length === 1, 'it to be shown');
    expect(b.server.typing).toEqual(['iMessage;-;alice@example.org']);
  });

  it('is left out elsewhere', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.adapter.startTyping?.(outbound('').chat.id, turn, soon(), platformMessageId('G1'));
    await b.adapter.send(outbound('Hi'), soon());
    expect(b.server.requests.get('typing')).toBeUndefined();
  });
});

describe('a received file', () => {
  it('comes whole', async () => {
    await using b = await bench();
    const content = Buffer.alloc(300_000, 'content');
    b.server.attachments.set('a/1 x', content);
    expect((await contentOf(b, 'a/1 x')).equals(content)).toBe(true);
  });

  it.each([
    ['is not on the Mac yet', undefined, { kind: 'unavailable' }],
    ['is cut off', { kind: 'drop' }, { kind: 'network' }],
    ['is nowhere', { kind: 'status', status: 404 }, { kind: 'rejected' }],
  ] as const)('that %s is an error', async (_, fault, expected) => {
    await using b = await bench();
    if (fault !== undefined) b.server.fail('download', fault);
    await expect(contentOf(b, 'a1')).rejects.toMatchObject(expected);
  });

  async function contentOf(b: Awaited<ReturnType<typeof bench>>, ref: string): Promise<Buffer> {
    const pieces: Uint8Array[] = [];
    for await (const piece of (await b.adapter.download?.({ kind: 'file', ref }, soon())) ?? [])
      pieces.push(piece);
    return Buffer.concat(pieces);
  }
});

async function failure(sending: Promise<unknown>): Promise<ChannelError> {
  const error = await sending.then(
    () => expect.fail('it was sent'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChannelError);
  return error as ChannelError;
}
