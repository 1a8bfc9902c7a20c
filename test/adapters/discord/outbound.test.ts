import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { discord } from '../../../adapters/discord/index.ts';
import { type OutboundFile, type OutboundMessage, platformMessageId } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { aDiscord, failureOf, outbound, soon } from './harness.ts';

describe('send', () => {
  it('delivers into direct chats, channels and threads', async () => {
    await using it = await aDiscord();
    const thread = it.platform.thread(it.channel, 'thread');
    await it.start();
    for (const place of [it.direct, it.channel, thread]) {
      const receipt = await it.adapter.send(outbound(place, 'hello'), soon());
      expect(it.platform.seen(place)).toEqual([{ id: receipt.platformId, content: 'hello' }]);
    }
  });

  it('answers a message, also one that is gone by now', async () => {
    await using it = await aDiscord();
    await it.start();
    const question = it.platform.say(it.alice, it.channel, 'why?');
    const replyTo = platformMessageId(question.id);
    await it.adapter.send(outbound(it.channel, 'because', { replyTo }), soon());
    it.platform.delete(question);
    await it.adapter.send(outbound(it.channel, 'as I said', { replyTo }), soon());
    expect(it.platform.seen(it.channel)).toMatchObject([
      { content: 'because', replyTo: question.id },
      { content: 'as I said' },
    ]);
  });

  it('calls nobody, and fetches no address, whatever the text says', async () => {
    await using it = await aDiscord();
    await it.start();
    const text = `@everyone @here <@${it.alice.id}> https://example.org/?secret=1`;
    await it.adapter.send(outbound(it.channel, text), soon());
    expect(it.platform.pinged).toEqual([]);
    expect(it.platform.unfurled).toEqual([]);
  });

  it('tells of a reply whom it answers, and nobody else', async () => {
    await using it = await aDiscord();
    await it.start();
    const question = it.platform.say(it.alice, it.channel, 'why?');
    const replyTo = platformMessageId(question.id);
    await it.adapter.send(outbound(it.channel, '@everyone knows', { replyTo }), soon());
    expect(it.platform.pinged).toEqual([it.alice.id]);
  });

  it('uploads files with their caption, or without', async () => {
    await using it = await aDiscord();
    using folder = emptyFolder();
    const path = join(folder.path, 'stored-under-another-name');
    await writeFile(path, 'GIF89a');
    const file: OutboundFile = { kind: 'image', path, name: 'chart.gif', mime: 'image/gif', bytes: 6 };
    const odd: OutboundFile = { ...file, kind: 'audio', name: '@everyone "a"\n.ogg', mime: 'audio/ogg' };
    await it.start();
    await it.adapter.send(outbound(it.direct, 'a *chart*', { files: [file, odd] }), soon());
    await it.adapter.send(outbound(it.direct, '', { files: [file] }), soon());
    const chart = { name: 'chart.gif', type: 'image/gif', bytes: Buffer.from('GIF89a') };
    expect(it.platform.seen(it.direct)).toMatchObject([
      { content: 'a *chart*', files: [chart, { type: 'audio/ogg', bytes: chart.bytes }] },
      { content: '', files: [chart] },
    ]);
    expect(it.platform.pinged).toEqual([]);
  });

  it.each([
    ['a file that is not there', 1, 1, 'cannot be read'],
    ['more than Discord takes in one message', 9 * 1024 * 1024, 3, 'bytes'],
  ])('refuses %s', async (_, bytes, count, words) => {
    await using it = await aDiscord();
    await it.start();
    const file: OutboundFile = { kind: 'file', path: '/nowhere/x', name: 'x', mime: 'text/plain', bytes };
    const files: OutboundMessage['files'] = [file, ...Array.from({ length: count - 1 }, () => file)];
    const error = await failureOf(it.adapter.send(outbound(it.direct, 'see', { files }), soon()));
    expect(error).toMatchObject({ kind: 'rejected', certain: true, message: expect.stringContaining(words) });
  });
});

describe('a second attempt', () => {
  it.each(['drop', 'status', 'malformed'] as const)(
    'finds what the first one brought, when its answer was lost (%s)',
    async (kind) => {
      await using it = await aDiscord();
      await it.start();
      it.gateway.delivers = false;
      const message = outbound(it.direct, 'once');
      const fault = kind === 'status' ? { kind, status: 502 } : { kind };
      it.platform.fail('createMessage', { ...fault, when: 'after' });
      expect(await failureOf(it.adapter.send(message, soon()))).toMatchObject({ certain: false });
      expect(it.platform.requests.get('createMessage')).toBe(1);
      const receipt = await it.adapter.send(message, soon());
      expect(it.platform.seen(it.direct)).toEqual([{ id: receipt.platformId, content: 'once' }]);
    },
  );

  it('needs no nonce where Discord has told that the first one arrived', async () => {
    await using it = await aDiscord();
    await it.start();
    const message = outbound(it.channel, 'once');
    it.platform.fail('createMessage', { kind: 'drop', when: 'after' });
    await failureOf(it.adapter.send(message, soon()));
    it.platform.say(it.alice, it.channel, 'next');
    await it.heard('next');
    it.platform.forgetNonces();
    const receipt = await it.adapter.send(message, soon());
    expect(it.platform.seen(it.channel)).toEqual([{ id: receipt.platformId, content: 'once' }]);
  });

  it('learns so after a restart too, from what Discord sends again', async () => {
    await using it = await aDiscord();
    await it.start();
    const message = outbound(it.channel, 'once');
    it.gateway.delivers = false;
    it.platform.fail('createMessage', { kind: 'drop', when: 'after' });
    await failureOf(it.adapter.send(message, soon()));
    it.platform.say(it.alice, it.channel, 'next');
    it.gateway.delivers = true;
    it.platform.forgetNonces();
    await it.down();
    await it.start();
    await it.heard('next');
    await it.adapter.send(message, soon());
    expect(it.platform.seen(it.channel)).toHaveLength(1);
  });
});

describe('a message that may have arrived long ago', () => {
  const possiblyRepeated = true;

  it('is marked, and has room for the mark', async () => {
    await using it = await aDiscord();
    await it.start();
    const [longest] = it.adapter.render('x'.repeat(3_000));
    const body = longest ?? { text: '' };
    await it.adapter.send(outbound(it.direct, '', { body, possiblyRepeated }), soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: expect.stringMatching(/^-# ↻ .*\nx+$/) }]);
  });

  it('is not marked where Discord still knows the first one', async () => {
    await using it = await aDiscord();
    await it.start();
    it.gateway.delivers = false;
    const message = outbound(it.direct, 'once');
    it.platform.fail('createMessage', { kind: 'drop', when: 'after' });
    await failureOf(it.adapter.send(message, soon()));
    await it.adapter.send({ ...message, possiblyRepeated }, soon());
    expect(it.platform.seen(it.direct)).toMatchObject([{ content: 'once' }]);
    expect(it.platform.requests.get('editMessage')).toBeUndefined();
  });
});

describe('a reaction', () => {
  it.each(['👍', '❤️', '👩🏽‍💻'])('%s stands under the message, once however often', async (emoji) => {
    await using it = await aDiscord();
    await it.start();
    const message = it.platform.say(it.alice, it.channel, 'good news');
    await it.heard('good news');
    const [{ chat, platformId } = lost()] = it.host.messages;
    await it.adapter.react?.(chat, platformId, emoji, soon());
    await it.adapter.react?.(chat, platformId, emoji, soon());
    expect(it.platform.reactions(message)).toEqual([emoji]);
    it.platform.say(it.alice, it.channel, 'next');
    await it.heard('good news', 'next');
    expect(it.texts()).toEqual(['good news', 'next']);
  });

  it.each([
    ['a word', 'thumbsup'],
    ['a way out of the address', '../../@me'],
    ['half a character', '\ud83d'],
  ])('is refused if it is %s', async (_, emoji) => {
    await using it = await aDiscord();
    await it.start();
    const { id } = it.platform.say(it.alice, it.direct, 'hello');
    const { chat } = outbound(it.direct, '');
    const error = await failureOf(it.adapter.react?.(chat, platformMessageId(id), emoji, soon()) ?? lost());
    expect(error).toMatchObject({ kind: 'rejected', hint: expect.stringContaining('emoji') });
  });

  it.each([
    [403, 50_013, 'rejected', 'Add Reactions'],
    [404, 10_008, 'rejected', 'deleted'],
    [400, 30_010, 'rejected', '20'],
    [403, 90_001, 'rejected', 'blocked'],
  ])('fails by %i with code %i as "%s"', async (status, code, kind, hint) => {
    await using it = await aDiscord();
    await it.start();
    it.platform.refuse('createReaction', status, code, 'No');
    const { chat } = outbound(it.direct, '');
    const error = await failureOf(it.adapter.react?.(chat, platformMessageId('1'), '👍', soon()) ?? lost());
    expect(error).toMatchObject({ kind, hint: expect.stringContaining(hint) });
  });
});

describe('an error', () => {
  it.each([
    [401, 0, 'auth', 'Reset Token'],
    [404, 10_003, 'rejected', 'gone'],
    [403, 50_001, 'rejected', 'View Channel'],
    [403, 50_007, 'rejected', 'direct messages'],
    [403, 50_013, 'rejected', 'Send Messages'],
    [400, 50_035, 'rejected', undefined],
    [413, 40_005, 'rejected', 'larger'],
    [403, 99_999, 'rejected', undefined],
    [409, 99_999, 'unavailable', undefined],
    [503, 130_000, 'unavailable', undefined],
  ])('%i with code %i is "%s"', async (status, code, kind, hint) => {
    await using it = await aDiscord();
    await it.start();
    it.platform.refuse('createMessage', status, code, 'No');
    const error = await failureOf(it.adapter.send(outbound(it.direct, 'private words'), soon()));
    expect(error).toMatchObject({ kind, certain: status < 500 });
    if (hint !== undefined) expect(error.hint).toContain(hint);
    expect(it.platform.requests.get('createMessage')).toBe(1);
    expect(everythingIn(error)).not.toMatch(/private words|fake-bot-token/);
  });

  it.each(['user', 'global', 'shared'] as const)('429 (%s) says how long to wait', async (scope) => {
    await using it = await aDiscord();
    await it.start();
    it.platform.limit('createMessage', 0.7, scope);
    const error = await failureOf(it.adapter.send(outbound(it.direct, 'x'), soon()));
    expect(error).toMatchObject({ kind: 'rate_limited', certain: true });
    expect(error.retryAfterMs).toBeGreaterThanOrEqual(700);
    expect(it.platform.requests.get('createMessage')).toBe(1);
  });

  it('of a broken connection leaves open what happened', async () => {
    await using it = await aDiscord();
    await it.start();
    it.platform.fail('createMessage', { kind: 'drop' });
    const error = await failureOf(it.adapter.send(outbound(it.direct, 'x'), soon()));
    expect(error).toMatchObject({ kind: 'network', certain: false });
  });

  it('of no connection at all does not', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.platform.stop();
    // The first attempt may still find the connection of the start, which breaks.
    await failureOf(it.adapter.send(outbound(it.direct, 'x'), soon()));
    const error = await failureOf(it.adapter.send(outbound(it.direct, 'x'), soon()));
    expect(error).toMatchObject({ kind: 'network', certain: true });
  });
});

describe('typing', () => {
  it('is shown until the agent is done, and repeated before it fades', async () => {
    await using it = await aDiscord();
    await it.start();
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const work = new AbortController();
      const { chat, turn } = outbound(it.direct, '');
      it.adapter.startTyping?.(chat.id, turn, work.signal, platformMessageId('1'));
      await it.platform.until(() => it.platform.typing.length === 1, 'typing to be shown');
      vi.advanceTimersByTime(9_999);
      await it.platform.until(() => it.platform.typing.length === 2, 'typing to be shown again');
      work.abort();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('download', () => {
  it('fetches what came with a message', async () => {
    await using it = await aDiscord();
    await it.start();
    const bytes = Buffer.from('some bytes');
    it.platform.say(it.alice, it.direct, '', {
      attachments: [it.platform.attachment('a b.png', 'image/png', bytes)],
    });
    await it.heard('');
    const [attachment] = it.host.messages[0]?.attachments ?? [];
    expect(attachment).toMatchObject({ kind: 'image', name: 'a b.png', bytes: bytes.length });
    expect(await fetched(it, attachment?.ref)).toEqual(bytes);
  });

  it.each([
    ['another host', 'https://example.org/a.png'],
    ['another port', 'http://127.0.0.1:1/a.png'],
    ['a host that begins like one', 'https://cdn.discordapp.com.example.org/a.png'],
    ['a file', 'file:///etc/passwd'],
    ['nothing', ''],
  ])('does not fetch from %s', async (_, ref) => {
    await using it = await aDiscord();
    expect(await failureOf(fetched(it, ref))).toMatchObject({ kind: 'rejected' });
  });

  it('follows no redirection', async () => {
    await using it = await aDiscord();
    const headers = { location: `${it.platform.apiUrl}/v10/gateway/bot` };
    it.platform.fail('getFile', { kind: 'status', status: 302, headers });
    const { url } = it.platform.attachment('a', 'image/png', Buffer.from('x'));
    await failureOf(fetched(it, url));
    expect(it.platform.requests.get('getGateway')).toBeUndefined();
  });

  it.each([
    ['a link that expired', { kind: 'status', status: 404 }, 'rejected'],
    ['too many requests', { kind: 'status', status: 429 }, 'rate_limited'],
    ['trouble of Discord', { kind: 'status', status: 500 }, 'unavailable'],
    ['a cut', { kind: 'drop' }, 'network'],
  ] as const)('fails by %s as it should', async (_, fault, kind) => {
    await using it = await aDiscord();
    it.platform.fail('getFile', fault);
    const { url } = it.platform.attachment('a', 'image/png', Buffer.from('x'));
    expect(await failureOf(fetched(it, url))).toMatchObject({ kind });
  });

  async function fetched(it: Awaited<ReturnType<typeof aDiscord>>, ref: string | undefined): Promise<Buffer> {
    const adapter = await discord.create({ token: 'fake', api_url: it.platform.apiUrl });
    const pieces = await adapter.download?.({ kind: 'file', ...(ref !== undefined && { ref }) }, soon());
    const chunks: Uint8Array[] = [];
    for await (const piece of pieces ?? []) chunks.push(piece);
    return Buffer.concat(chunks);
  }
});

function lost(): never {
  throw new Error('it is not there');
}

/** All that a logger could print of an error. */
function everythingIn(error: Error): string {
  return JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error.cause) + String(error.stack);
}
