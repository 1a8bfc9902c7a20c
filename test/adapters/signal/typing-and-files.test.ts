import { describe, expect, it } from 'vitest';
import { type Attachment, chatId, platformMessageId, type TurnId } from '../../../src/contract/index.ts';
import { ALICE, bench, GROUP, soon } from './harness.ts';

const turn = '0000000000000001' as TurnId;
const message = platformMessageId(`1:${ALICE.uuid}`);

describe('typing', () => {
  it('is shown in direct chats and groups', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const work = new AbortController();
    b.adapter.startTyping?.(chatId(ALICE.uuid), turn, work.signal, message);
    b.adapter.startTyping?.(chatId(`group:${GROUP}`), turn, work.signal, message);
    await b.daemon.until(() => b.daemon.typing.length === 2, 'both');
    expect(b.daemon.typing.toSorted()).toEqual([GROUP, ALICE.uuid].toSorted());
    work.abort();
  });

  it('is not shown for work that is over, nor by a channel that is stopped', async () => {
    await using b = await bench();
    b.adapter.startTyping?.(chatId(ALICE.uuid), turn, soon(), message);
    await b.adapter.start(b.host);
    b.adapter.startTyping?.(chatId(ALICE.uuid), turn, AbortSignal.abort(), message);
    await b.adapter.stop();
    b.adapter.startTyping?.(chatId(ALICE.uuid), turn, soon(), message);
    expect(b.daemon.requests.get('sendTyping')).toBeUndefined();
  });

  it('troubles nobody when it fails', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.daemon.fail('sendTyping', { kind: 'drop' });
    b.adapter.startTyping?.(chatId(ALICE.uuid), turn, soon(), message);
    await b.daemon.until(() => b.daemon.requests.get('sendTyping') === 1, 'the attempt');
    b.daemon.say(ALICE, 'still here');
    await b.host.until(() => b.host.messages.length === 1, 'the message');
    expect(b.host.states).toEqual([]);
  });
});

describe('a received file', () => {
  const attachment = (ref?: string): Attachment => ({ kind: 'file', ...(ref !== undefined && { ref }) });

  it.each([0, 1, 2, 3, 4, 5, 3_000_001])('of %i bytes comes whole', async (size) => {
    await using b = await bench();
    const content = Buffer.from(Uint8Array.from({ length: size }, (_, index) => (index * 7) % 256));
    b.daemon.attachments.set('a.bin', content);
    const pieces = await piecesOf(b, attachment('a.bin'));
    expect(Buffer.concat(pieces).equals(content)).toBe(true);
    if (size > 1_000_000) expect(pieces.length).toBeGreaterThan(1);
  });

  it.each([
    ['is not there', 'gone.bin', undefined, { kind: 'rejected' }],
    [
      'breaks off',
      'a.bin',
      { kind: 'status', status: 200, body: '{"jsonrpc":"2.0","result":{"data":"AAAA' },
      { kind: 'network' },
    ],
    ['is nonsense', 'a.bin', { kind: 'malformed' }, { kind: 'unavailable' }],
    ['is cut off', 'a.bin', { kind: 'drop' }, { kind: 'network' }],
  ] as const)('that %s is an error', async (_, ref, fault, expected) => {
    await using b = await bench();
    b.daemon.attachments.set('a.bin', Buffer.from('content'));
    if (fault !== undefined) b.daemon.fail('getAttachment', fault);
    await expect(piecesOf(b, attachment(ref))).rejects.toMatchObject(expected);
  });

  it('that the daemon does not have cannot be fetched', async () => {
    await using b = await bench();
    await expect(piecesOf(b, attachment())).rejects.toMatchObject({ kind: 'rejected' });
  });
});

async function piecesOf(b: Awaited<ReturnType<typeof bench>>, file: Attachment): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await b.adapter.download?.(file, soon())) ?? []) pieces.push(piece);
  return pieces;
}
