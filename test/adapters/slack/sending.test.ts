import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ChannelAdapter, ChannelError, OutboundFile } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import type { Fault } from '../../platforms/fake-http.ts';
import { connectedSlack, inThread, outbound, soon } from './kit.ts';

const errorOf = async (doing: Promise<unknown> | undefined): Promise<ChannelError> => {
  const outcome = await doing?.then(
    () => 'it went well',
    (error: ChannelError) => error,
  );
  return outcome as ChannelError;
};

const says = (error: string, more: Record<string, unknown> = {}): Fault => ({
  kind: 'status',
  status: 200,
  body: { ok: false, error, ...more },
});

describe('a text', () => {
  it('goes to its chat, and into its thread', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> hi', { channel: 'C0GENERAL' });
    await slack.adapter.send(outbound('to Alice'), soon());
    const receipt = await slack.adapter.send(
      outbound('*to all*', { chat: inThread('C0GENERAL', ts) }),
      soon(),
    );
    expect(slack.fake.seen('D0ALICE')).toEqual([{ text: 'to Alice', calls: [] }]);
    expect(slack.fake.seen('C0GENERAL', ts)).toEqual([{ text: 'to all', calls: [] }]);
    expect(receipt.platformId).toBe(slack.fake.said('C0GENERAL', ts)[0]?.ts);
  });

  it('says that it may be a repetition', async () => {
    await using slack = await connectedSlack();
    await slack.adapter.send(outbound('hello', { possiblyRepeated: true }), soon());
    expect(slack.fake.seen('D0ALICE')[0]?.text).toBe('↻ sent again after an interruption\n\nhello');
  });

  it('makes nobody fetch what it links to', async () => {
    await using slack = await connectedSlack();
    const [body] = slack.adapter.render('![x](https://example.org/?stolen=1) https://example.org/2');
    await slack.adapter.send(outbound(body?.text ?? ''), soon());
    expect(slack.fake.said('D0ALICE')).toHaveLength(1);
    expect(slack.fake.previews).toEqual([]);
  });

  it('stays one message, however long it may be', async () => {
    await using slack = await connectedSlack();
    const bodies = slack.adapter.render('<word> & `code` '.repeat(2_000));
    for (const { text } of bodies) await slack.adapter.send(outbound(text), soon());
    expect(slack.fake.said('D0ALICE')).toHaveLength(bodies.length);
  });
});

describe('an error', () => {
  it.each<[string, Fault, Partial<ChannelError>]>([
    ['a revoked token', says('token_revoked'), { kind: 'auth', certain: true }],
    ['an inactive account', says('account_inactive'), { kind: 'auth', certain: true }],
    ['no such channel', says('channel_not_found'), { kind: 'rejected', certain: true }],
    [
      'not invited',
      says('not_in_channel'),
      { kind: 'rejected', hint: expect.stringContaining('/invite') as never },
    ],
    [
      'a missing scope',
      says('missing_scope', { needed: 'chat:write' }),
      { kind: 'rejected', message: 'Slack says: missing_scope (chat:write)' },
    ],
    [
      'too fast',
      { kind: 'status', status: 429, headers: { 'retry-after': '7' } },
      { kind: 'rate_limited', certain: true, retryAfterMs: 7_000 },
    ],
    [
      'too fast, said in the body',
      says('ratelimited'),
      { kind: 'rate_limited', certain: true, retryAfterMs: 30_000 },
    ],
    [
      'too fast, and no word of how long',
      { kind: 'status', status: 429 },
      { kind: 'network', certain: false },
    ],
    ['an error of its own', says('fatal_error'), { kind: 'unavailable', certain: false }],
    ['a code that nobody knows', says('purple_haze'), { kind: 'unavailable', certain: false }],
    [
      'a server error',
      { kind: 'status', status: 502, body: 'Bad Gateway' },
      { kind: 'unavailable', certain: false },
    ],
    ['a wrong address', { kind: 'status', status: 404 }, { kind: 'unavailable', certain: true }],
    ['a lost answer', { kind: 'drop', when: 'after' }, { kind: 'network', certain: false }],
    ['an answer that is no JSON', { kind: 'malformed' }, { kind: 'unavailable', certain: false }],
  ])('is known: %s', async (_what, fault, expected) => {
    await using slack = await connectedSlack();
    slack.fake.fail('chat.postMessage', fault);
    const error = await errorOf(slack.adapter.send(outbound('secret words'), soon()));
    expect(error).toMatchObject({ name: 'ChannelError', ...expected });
    expect(slack.fake.requests.get('chat.postMessage')).toBe(1);
    const told = JSON.stringify([error.message, error.hint, error.stack, error.cause]);
    for (const secret of ['secret words', slack.fake.botToken, slack.fake.appToken])
      expect(told).not.toContain(secret);
  });

  it('of a stop in the middle is uncertain', async () => {
    await using slack = await connectedSlack();
    slack.fake.fail('chat.postMessage', { kind: 'hang' });
    const sending = errorOf(slack.adapter.send(outbound('hello'), soon()));
    await slack.fake.until(() => slack.fake.requests.has('chat.postMessage'), 'the call');
    await slack.stop();
    expect(await sending).toMatchObject({ kind: 'network', certain: false });
  });
});

describe('an attempt of unknown outcome', () => {
  it('is found, and so the message is not sent twice', async () => {
    await using slack = await connectedSlack();
    const message = outbound('once');
    slack.fake.fail('chat.postMessage', { kind: 'drop', when: 'after' });
    await errorOf(slack.adapter.send(message, soon()));
    const receipt = await slack.adapter.findSent?.(message, soon());
    expect(receipt?.platformId).toBe(slack.fake.said('D0ALICE')[0]?.ts);
  });

  it('is found by its id, not by its words; in its thread; after a restart', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> hi', { channel: 'C0GENERAL' });
    const chat = inThread('C0GENERAL', ts);
    const [before, message] = [outbound('same', { chat }), outbound('same', { chat, replyTo: ts })];
    await slack.adapter.send(before, soon());
    expect(await slack.adapter.findSent?.(message, soon())).toBeUndefined();
    await slack.adapter.send(message, soon());
    await slack.stop();
    await slack.start();
    const receipt = await slack.adapter.findSent?.(message, soon());
    expect(receipt?.platformId).toBe(slack.fake.said('C0GENERAL', ts)[1]?.ts);
  });

  it('is found behind hundreds of others', async () => {
    await using slack = await connectedSlack();
    const message = outbound('long ago');
    await slack.adapter.send(message, soon());
    for (let i = 0; i < 450; i++) slack.fake.say(`${i}`);
    expect(await slack.adapter.findSent?.(message, soon())).toBeDefined();
  });

  it('is not known when Slack cannot be asked', async () => {
    await using slack = await connectedSlack();
    slack.fake.fail('conversations.history', { kind: 'drop' });
    expect(await errorOf(slack.adapter.findSent?.(outbound('x'), soon()))).toMatchObject({ kind: 'network' });
  });
});

describe('a file', () => {
  it('is shared in its thread, with its caption', async () => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    const { ts } = slack.fake.say('<@U0BOT> hi', { channel: 'C0GENERAL' });
    const file = fileIn(folder.path);
    await slack.adapter.send(
      outbound('The *plan*', { chat: inThread('C0GENERAL', ts), files: [file] }),
      soon(),
    );
    const [message] = slack.fake.said('C0GENERAL', ts);
    expect(message).toMatchObject({ text: 'The *plan*', files: [{ name: 'plan.txt', size: 8 }] });
    expect(slack.fake.bytesOf(message?.files?.[0]?.id ?? '')?.toString()).toBe('the plan');
  });

  it('needs no caption', async () => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    await slack.adapter.send(outbound('', { files: [fileIn(folder.path)] }), soon());
    expect(slack.fake.said('D0ALICE')).toMatchObject([{ text: '', files: [{ name: 'plan.txt' }] }]);
  });

  it('comes with others in one message', async () => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    const message = outbound('Both', { files: [fileIn(folder.path), fileIn(folder.path, 'map.txt')] });
    slack.fake.fail('files.completeUploadExternal', { kind: 'drop', when: 'after' });
    expect(await errorOf(slack.adapter.send(message, soon()))).toMatchObject({ certain: false });
    expect(slack.fake.said('D0ALICE')).toMatchObject([
      { text: 'Both', files: [{ name: 'plan.txt' }, { name: 'map.txt' }] },
    ]);
    expect(await slack.adapter.findSent?.(message, soon())).toBeDefined();
  });

  it.each(['files.getUploadURLExternal', 'upload'])('was certainly not shown when %s fails', async (step) => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    slack.fake.fail(step, { kind: 'drop', when: 'after' });
    const error = await errorOf(slack.adapter.send(outbound('', { files: [fileIn(folder.path)] }), soon()));
    expect(error).toMatchObject({ kind: 'network', certain: true });
    expect(slack.fake.said('D0ALICE')).toEqual([]);
  });

  it('that may have been shown is looked for', async () => {
    await using slack = await connectedSlack();
    using folder = emptyFolder();
    const file = fileIn(folder.path);
    const { ts } = slack.fake.say('send it');
    const message = outbound('here', { files: [file], replyTo: ts });
    slack.fake.say('here', { files: [slack.fake.file(file.name, file.mime, Buffer.from('the plan'))] });
    expect(await slack.adapter.findSent?.(message, soon())).toBeUndefined();
    slack.fake.fail('files.completeUploadExternal', { kind: 'drop', when: 'after' });
    expect(await errorOf(slack.adapter.send(message, soon()))).toMatchObject({ certain: false });
    expect(await slack.adapter.findSent?.(message, soon())).toEqual({
      platformId: slack.fake.said('D0ALICE')[0]?.ts,
    });
    const other = outbound('here', { files: [{ ...file, bytes: 9 }], replyTo: ts });
    const giveUp = new AbortController();
    const looking = errorOf(slack.adapter.findSent?.(other, giveUp.signal));
    await slack.fake.until(
      () => (slack.fake.requests.get('conversations.history') ?? 0) >= 5,
      'the first look',
    );
    giveUp.abort();
    expect(await looking).toMatchObject({ kind: 'network' });
  });

  it('is unreadable: that is told as what it is', async () => {
    await using slack = await connectedSlack();
    const file = { ...fileIn('/nowhere'), path: '/nowhere/plan.txt' };
    expect(await errorOf(slack.adapter.send(outbound('', { files: [file] }), soon()))).toMatchObject({
      certain: true,
    });
  });
});

describe('a file from a person', () => {
  it('is fetched with the token', async () => {
    await using slack = await connectedSlack();
    const file = slack.fake.file('cat.png', 'image/png', Buffer.from('a cat'));
    slack.fake.say('look', { files: [file] });
    await slack.host.until(() => slack.host.messages.length === 1, 'the message');
    expect(await fetched(slack.adapter, slack.host.messages[0]?.attachments?.[0]?.ref)).toBe('a cat');
  });

  it.each<[string, string, Fault, Partial<ChannelError>]>([
    ['gone', 'files.info', says('file_deleted'), { kind: 'rejected' }],
    ['on a server in trouble', 'files-pri', { kind: 'status', status: 503 }, { kind: 'unavailable' }],
    ['wanted too often', 'files-pri', { kind: 'status', status: 429 }, { kind: 'rate_limited' }],
    [
      'behind the login page',
      'files-pri',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:1/' } },
      { kind: 'rejected', hint: expect.stringContaining('files:read') as never },
    ],
    ['cut off', 'files-pri', { kind: 'drop' }, { kind: 'network' }],
  ])('that is %s', async (_what, step, fault, expected) => {
    await using slack = await connectedSlack();
    const { id } = slack.fake.file('cat.png', 'image/png', Buffer.from('a cat'));
    slack.fake.fail(step, fault);
    expect(await errorOf(fetched(slack.adapter, id))).toMatchObject(expected);
  });

  it('is not fetched from a stranger', async () => {
    await using slack = await connectedSlack();
    for (const origin of [
      'http://127.0.0.1:9',
      'https://slack.com.example.org',
      'http://files.slack.com',
      'https://evilslack.com',
    ]) {
      slack.fake.filesOrigin = origin;
      const { id } = slack.fake.file('cat.png', 'image/png', Buffer.from('a cat'));
      expect(await errorOf(fetched(slack.adapter, id))).toMatchObject({
        kind: 'rejected',
        message: 'the file is not kept by Slack',
      });
    }
  });

  it('can be gone from the start', async () => {
    await using slack = await connectedSlack();
    expect(await errorOf(fetched(slack.adapter, undefined))).toMatchObject({ kind: 'rejected' });
  });
});

function fileIn(folder: string, name = 'plan.txt'): OutboundFile {
  const path = join(folder, name);
  if (folder !== '/nowhere') writeFileSync(path, 'the plan');
  return { kind: 'file', path, name, mime: 'text/plain', bytes: 8 };
}

async function fetched(adapter: ChannelAdapter, ref: string | undefined): Promise<string> {
  const attachment = { kind: 'image' as const, ...(ref !== undefined && { ref }) };
  const pieces: Uint8Array[] = [];
  for await (const piece of (await adapter.download?.(attachment, soon())) ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
