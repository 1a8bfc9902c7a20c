import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { feishu } from '../../../adapters/feishu/index.ts';
import { chatId, type OutboundFile } from '../../../src/contract/index.ts';
import { TestHost } from '../../kit/adapter-host.ts';
import { emptyFolder } from '../../kit/folder.ts';
import { openBench, TEAM, toId } from './harness.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const error = (code: number, status = 400) =>
  ({ kind: 'status', status, body: { code, msg: 'no' } }) as const;

describe('sending', () => {
  it('shows the markup, as an answer', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    const question = fake.world.add(fake.world.team, {});
    const sent = await bench.send(
      bench.outbound('# Yes\n\n- **one**', { chat: TEAM, replyTo: toId(question.id) }),
    );
    const [seen] = fake.world.seen(fake.world.team);
    expect(seen).toMatchObject({ id: sent.platformId, text: 'Yes\n \n• one', parent: question.id });
    expect(seen?.thread).toBeUndefined();
  });

  it('answers nothing when what it answers is gone', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    const question = fake.world.add(fake.world.team, { deleted: true });
    await bench.send(bench.outbound('Yes', { chat: TEAM, replyTo: toId(question.id) }));
    await bench.send(bench.outbound('No', { chat: TEAM, replyTo: toId('om_never') }));
    expect(fake.world.seen(fake.world.team)).toMatchObject([
      { text: 'Yes', parent: undefined },
      { text: 'No', parent: undefined },
    ]);
  });

  it('stays in the thread', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    fake.say(fake.world.team, 'in a thread', { thread: 'omt_1' });
    await host.until(() => host.messages.length === 1, 'the message');
    const { chat, platformId } = host.messages[0] ?? expect.fail();
    await bench.send(bench.outbound('one', { chat, replyTo: platformId }));
    await bench.send(bench.outbound('two', { chat }));
    await bench.restart();
    await bench.send(bench.outbound('three', { chat }));
    expect(fake.world.seen(fake.world.team).map(({ text, thread }) => [text, thread])).toEqual([
      ['one', 'omt_1'],
      ['two', 'omt_1'],
      ['three', 'omt_1'],
    ]);
  });

  it('finds into a thread that it has forgotten', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.world.add(fake.world.team, { thread: 'omt_1' });
    const chat = { id: chatId('oc_team:omt_1'), kind: 'group' } as const;
    await bench.send(bench.outbound('hello', { chat }));
    expect(fake.world.seen(fake.world.team)).toMatchObject([{ text: 'hello', thread: 'omt_1' }]);
    const gone = { id: chatId('oc_team:omt_2'), kind: 'group' } as const;
    expect(await bench.failureOf(bench.send(bench.outbound('hello', { chat: gone })))).toMatchObject({
      kind: 'rejected',
      certain: true,
    });
  });

  it('mentions nobody, whatever the agent writes', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    const tricks = '<at user_id="all"></at> <at id=all></at> {"tag":"at","user_id":"all"}';
    await bench.send(bench.outbound(tricks, { chat: TEAM }));
    const raw = { text: '{"zh_cn":{"content":[[{"tag":"at","user_id":"all"}]]}}' };
    await bench.send(bench.outbound('', { chat: TEAM, body: raw }));
    expect(fake.world.seen(fake.world.team)).toMatchObject([
      { text: tricks, mentions: [] },
      { text: raw.text, mentions: [] },
    ]);
  });

  it('says it in plain words when Feishu refuses the markup', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.fail('create', error(230099));
    await bench.send(bench.outbound('**bold**\n\n> quote'));
    expect(fake.world.seen(fake.world.alice)).toMatchObject([{ text: 'bold\n \n> quote' }]);
  });

  it('needs no person when a token ends before its time', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    fake.expireTokens();
    await bench.send(bench.outbound('hello'));
    expect(fake.world.seen(fake.world.alice)).toHaveLength(1);
    expect(fake.requests.get('token')).toBe(2);
  });
});

describe('a failure', () => {
  it.each([
    ['wrong credentials', error(99991662), 'auth', true],
    ['no bot', error(230006), 'auth', true],
    ['removed from the chat', error(230002), 'rejected', true],
    ['a refusal with status 200', error(230002, 200), 'rejected', true],
    ['a missing permission', error(99991672), 'rejected', true],
    ['too fast in a chat', error(230020), 'rate_limited', true],
    ['too fast', { ...error(99991400), headers: { 'x-ogw-ratelimit-reset': '7' } }, 'rate_limited', true],
    ['too fast, by the proxy', { kind: 'status', status: 429, body: 'slow down' }, 'rate_limited', true],
    ['a code that nobody knows', error(123456), 'unavailable', true],
    ['a code that nobody knows, with status 500', error(123456, 500), 'unavailable', false],
    ['trouble inside of Feishu', error(2200, 200), 'unavailable', false],
    ['a proxy in trouble', { kind: 'status', status: 502, body: '<html>' }, 'unavailable', false],
    ['an answer that is none', { kind: 'malformed' }, 'unavailable', false],
    ['a cut connection', { kind: 'drop' }, 'network', false],
    [
      'a redirection',
      { kind: 'status', status: 302, headers: { location: 'http://127.0.0.1:9/' } },
      'unavailable',
      false,
    ],
  ] as const)('is known for what it is: %s', async (_, fault, kind, certain) => {
    await using bench = await openBench();
    await bench.start();
    bench.fake.fail('create', fault);
    const failure = await bench.failureOf(bench.send(bench.outbound('hello')));
    expect(failure).toMatchObject({ kind, certain });
    expect(bench.fake.world.seen(bench.fake.world.alice)).toEqual([]);
    if (kind === 'auth') expect(failure.hint).toBeDefined();
    if (kind === 'rate_limited') expect(failure.retryAfterMs).toBe('headers' in fault ? 7000 : 1000);
  });

  it('is certain when there is nobody to send to', async () => {
    const options = { app_id: 'cli_0123456789abcdef', app_secret: 'x', domain: 'http://127.0.0.1:1' };
    const adapter = await feishu.create(feishu.options.parse(options));
    using host = new TestHost();
    await expect(adapter.start(host)).rejects.toMatchObject({ kind: 'network', certain: true });
    await adapter.stop();
  });

  it.each(['create', 'token', 'endpoint', 'bot'])('of %s holds no secret', async (operation) => {
    await using bench = await openBench();
    const { fake } = bench;
    for (const fault of [{ kind: 'drop' }, { kind: 'malformed' }, error(99991663)] as const) {
      fake.heal();
      if (operation === 'create') await bench.restart();
      fake.fail(operation, fault, 2);
      const failure = await bench.failureOf(
        operation === 'create' ? bench.send(bench.outbound('a private matter')) : bench.start(),
      );
      const { message, hint, cause, stack } = failure;
      expect(JSON.stringify({ message, hint, cause: String(cause), stack })).not.toMatch(
        /feishu-test-secret|t-\d|private/,
      );
      expect(cause).toBeUndefined();
    }
  });
});

describe('a lost answer', () => {
  it('does not double the message', async () => {
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    const message = bench.outbound('once');
    fake.fail('create', { kind: 'drop', when: 'after' });
    expect(await bench.failureOf(bench.send(message))).toMatchObject({ kind: 'network', certain: false });
    await bench.restart();
    const { platformId } = await bench.send(message);
    expect(fake.world.seen(fake.world.alice)).toMatchObject([{ id: platformId, text: 'once' }]);
  });
});

describe('a message that may have arrived before', () => {
  it('says so', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    const path = `${folder.path}/x`;
    writeFileSync(path, 'binary');
    const possiblyRepeated = true;
    await bench.send(bench.outbound('Hello', { possiblyRepeated }));
    await bench.send(bench.outbound('Tea?', { possiblyRepeated, choices: ['Yes'] }));
    await bench.send({
      ...bench.outbound('', { possiblyRepeated, body: { text: '' } }),
      files: [{ kind: 'file', path, name: 'a.pdf', mime: 'application/pdf', bytes: 6 }],
    });
    bench.fake.fail('create', error(230099));
    await bench.send(bench.outbound('**Hello**', { possiblyRepeated }));
    const mark = '↻ sent again after an interruption\n \n';
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([
      { text: `${mark}Hello` },
      { text: `${mark}Tea?` },
      { text: mark.trimEnd().concat('\n ') },
      { type: 'file' },
      { text: `${mark}Hello` },
    ]);
  });
});

describe('a file', () => {
  const file = (folder: string, name: string, kind: OutboundFile['kind'], bytes = 6): OutboundFile => {
    const path = join(folder, 'x');
    writeFileSync(path, 'binary');
    return { kind, path, name, mime: 'application/octet-stream', bytes };
  };
  const data = Buffer.from('binary');

  it('an image has its caption with it', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    await bench.send(bench.outbound('**Look**', { files: [file(folder.path, 'a.png', 'image')] }));
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([
      { type: 'post', text: 'Look', files: [{ data }] },
    ]);
  });

  it.each([
    ['a.pdf', 'file', 'file'],
    ['a.mp4', 'video', 'media'],
    ['a.opus', 'audio', 'audio'],
    ['a.ogg', 'audio', 'audio'],
    ['a.mp3', 'audio', 'file'],
  ] as const)('%s', async (name, kind, type) => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    await bench.send(bench.outbound('', { body: { text: '' }, files: [file(folder.path, name, kind)] }));
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([{ type, files: [{ name, data }] }]);
  });

  it('several images are one message, other files come after it', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    const { path } = folder;
    const message = bench.outbound('Look', {
      files: [file(path, 'a.png', 'image'), file(path, 'a.pdf', 'file'), file(path, 'b.png', 'image')],
    });
    const { platformId } = await bench.send(message);
    await bench.send(message);
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([
      { id: platformId, type: 'post', text: 'Look', files: [{ data }, { data }] },
      { type: 'file', files: [{ name: 'a.pdf', data }] },
    ]);
  });

  it('too large an image goes as a file', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    const large = file(folder.path, 'a.png', 'image', 10_000_001);
    await bench.send(bench.outbound('', { body: { text: '' }, files: [large] }));
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([{ type: 'file' }]);
  });

  it('and its caption are not doubled when the answer is lost', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    const { fake } = bench;
    await bench.start();
    const message = bench.outbound('Read this', { files: [file(folder.path, 'a.pdf', 'file')] });
    fake.fail('create', { kind: 'drop', when: 'after' }, 1, (body) =>
      JSON.stringify(body).includes('file_key'),
    );
    await bench.failureOf(bench.send(message));
    await bench.send(message);
    expect(fake.world.seen(fake.world.alice)).toMatchObject([{ text: 'Read this' }, { type: 'file' }]);
  });

  it('that cannot be uploaded was certainly not sent', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    bench.fake.fail('uploadFile', { kind: 'drop' });
    const message = bench.outbound('Read this', { files: [file(folder.path, 'a.pdf', 'file')] });
    expect(await bench.failureOf(bench.send(message))).toMatchObject({ kind: 'network', certain: true });
    expect(bench.fake.world.seen(bench.fake.world.alice)).toEqual([]);
  });

  it('is uploaded whole when the token ended before', async () => {
    using folder = emptyFolder();
    await using bench = await openBench();
    await bench.start();
    bench.fake.expireTokens();
    await bench.send(bench.outbound('', { body: { text: '' }, files: [file(folder.path, 'a.pdf', 'file')] }));
    expect(bench.fake.world.seen(bench.fake.world.alice)).toMatchObject([{ files: [{ data }] }]);
  });
});

describe('an attachment', () => {
  async function fetched(bench: Awaited<ReturnType<typeof openBench>>): Promise<Buffer> {
    const attachment = bench.host.messages[0]?.attachments?.[0] ?? expect.fail();
    const pieces = await bench.adapter.download?.(attachment, AbortSignal.timeout(20_000));
    const read: Uint8Array[] = [];
    for await (const piece of pieces ?? expect.fail()) read.push(piece);
    return Buffer.concat(read);
  }

  it.each(['image', 'file'] as const)('is fetched: %s', async (kind) => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    const data = Buffer.alloc(300_000, kind);
    const key = fake.world.store(kind, 'a', data);
    fake.say(fake.world.alice, '', { type: kind, content: JSON.stringify({ [`${kind}_key`]: key }) });
    await host.until(() => host.messages.length === 1, 'the message');
    expect(await fetched(bench)).toEqual(data);
  });

  it('fails by its kind', async () => {
    await using bench = await openBench();
    const { fake, host } = bench;
    await bench.start();
    fake.say(fake.world.alice, '', { type: 'file', content: '{"file_key":"gone"}' });
    await host.until(() => host.messages.length === 1, 'the message');
    expect(await bench.failureOf(fetched(bench))).toMatchObject({ kind: 'rejected' });
    fake.fail('resource', { kind: 'drop' });
    expect(await bench.failureOf(fetched(bench))).toMatchObject({ kind: 'network' });
    const nothing = bench.adapter.download?.({ kind: 'sticker' }, AbortSignal.timeout(20_000));
    expect(await bench.failureOf(nothing ?? expect.fail())).toMatchObject({ kind: 'rejected' });
  });
});
