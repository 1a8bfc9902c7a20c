import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChannelError, chatId, type OutboundFile, platformMessageId } from '../../../src/contract/index.ts';
import { ALICE, bench, GROUP, outbound, soon } from './harness.ts';

const inGroup = { chat: { id: chatId(`group:${GROUP}`), kind: 'group' } as const };

describe('a message', () => {
  it('arrives with its styles, in a direct chat and in a group', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const [body = { text: '' }] = b.adapter.render('It is **bold**');
    const receipt = await b.adapter.send(outbound(body), soon());
    await b.adapter.send(outbound(body, inGroup), soon());
    expect(b.daemon.seen).toMatchObject([
      { chat: ALICE.uuid, text: 'It is bold', styles: ['6:4:BOLD'] },
      { chat: GROUP, text: 'It is bold', styles: ['6:4:BOLD'] },
    ]);
    expect(receipt.platformId).toBe(`${b.daemon.seen[0]?.timestamp}:me`);
  });

  it('quotes what it answers, whoever wrote that', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.daemon.say(ALICE, 'Question?');
    await b.host.until(() => b.host.messages.length === 1, 'the question');
    const replyTo = b.host.messages[0]?.platformId ?? platformMessageId('');
    const receipt = await b.adapter.send(outbound('Answer.', { replyTo }), soon());
    const ours = receipt.platformId ?? platformMessageId('');
    await b.adapter.send(outbound('More.', { replyTo: ours }), soon());
    const [answer, more] = b.daemon.seen;
    expect(answer?.quote?.author).toBe(ALICE.uuid);
    expect(more?.quote).toEqual({ timestamp: answer?.timestamp, author: b.daemon.account.number });
  });

  it('says that it may be there already', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const [body = { text: '' }] = b.adapter.render('**bold**');
    await b.adapter.send(outbound(body, { possiblyRepeated: true }), soon());
    const [{ text, styles } = { text: '', styles: [] }] = b.daemon.seen;
    expect(text).toBe('↻ sent again after an interruption\n\nbold');
    expect(styles).toEqual(['2:32:ITALIC', '36:4:BOLD']);
  });

  it('of full length fits, also when it is repeated', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const [body = { text: '' }] = b.adapter.render('ä'.repeat(5000));
    await b.adapter.send(outbound(body, { possiblyRepeated: true }), soon());
    expect(Buffer.byteLength(b.daemon.seen[0]?.text ?? '')).toBeLessThanOrEqual(2000);
  });

  it('brings its files along, with the caption', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const table = fileIn(b.folder, 'täble, 1.png', 'image/png', Buffer.from([0, 1, 2, 250]));
    const page = fileIn(b.folder, 'page.pdf', 'application/pdf; version=2', Buffer.from('%PDF'));
    await b.adapter.send(outbound('Look', { files: [table, page] }), soon());
    await b.adapter.send(outbound('', { files: [table] }), soon());
    expect(b.daemon.seen).toMatchObject([
      {
        text: 'Look',
        files: [
          { name: 'täble, 1.png', mime: 'image/png', content: Buffer.from([0, 1, 2, 250]) },
          { name: 'page.pdf', mime: 'application/pdf', content: Buffer.from('%PDF') },
        ],
      },
      { text: '', files: [{ name: 'täble, 1.png' }] },
    ]);
  });

  it('has as many files, and as large ones, as its capabilities say', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const { maxBytes = 0, perMessage = 0 } = b.adapter.capabilities.files ?? {};
    const content = Buffer.from(Uint8Array.from({ length: maxBytes }, (_, index) => index % 251));
    const large = fileIn(b.folder, 'large.bin', 'application/octet-stream', content);
    const small = fileIn(b.folder, 'small.png', 'image/png', Buffer.of(1));
    await b.adapter.send(outbound('', { files: [large] }), soon());
    await b.adapter.send(
      outbound('', { files: [small, ...Array.from({ length: perMessage - 1 }, () => small)] }),
      soon(),
    );
    expect(b.daemon.seen.map(({ files }) => files.length)).toEqual([1, perMessage]);
    expect(b.daemon.seen[0]?.files[0]?.content.equals(content)).toBe(true);
  });

  it('brings a file along, whatever it is called', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const file = fileIn(b.folder, 'x', 'image/png', Buffer.of(1));
    const names = ['../a;base64,b', '100%', '\uD83D.png', '\u202Egnp.exe'];
    for (const name of names) await b.adapter.send(outbound('', { files: [{ ...file, name }] }), soon());
    expect(b.daemon.seen.map(({ files }) => files[0]?.name)).toEqual(
      names.map((name) => name.toWellFormed()),
    );
  });

  it('is a voice note if it is speech, and nothing but that', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const speech = {
      ...fileIn(b.folder, 'a.ogg', 'audio/ogg; codecs=opus', Buffer.of(1)),
      kind: 'audio',
    } as const;
    const song = { ...fileIn(b.folder, 'b.mp3', 'audio/mpeg', Buffer.of(2)), kind: 'audio' } as const;
    await b.adapter.send(outbound('', { files: [speech] }), soon());
    await b.adapter.send(outbound('', { files: [song] }), soon());
    await b.adapter.send(outbound('', { files: [speech, song] }), soon());
    expect(b.daemon.seen.map(({ files }) => files.map(({ voice }) => voice))).toEqual([
      [true],
      [false],
      [false, false],
    ]);
  });

  it('whose file is gone is refused', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    const file = { ...fileIn(b.folder, 'x', 'image/png', Buffer.of(1)), path: join(b.folder, 'gone') };
    expect(await failure(b.adapter.send(outbound('', { files: [file] }), soon()))).toMatchObject({
      kind: 'rejected',
    });
    expect(b.daemon.seen).toEqual([]);
  });
});

function fileIn(folder: string, name: string, mime: string, content: Buffer): OutboundFile {
  const path = join(folder, encodeURIComponent(name));
  writeFileSync(path, content);
  return { kind: 'image', path, name, mime, bytes: content.length };
}

const result = (type: string, more = {}) => ({ response: { timestamp: 1, results: [{ type, ...more }] } });

describe('a refusal', () => {
  it.each([
    [
      { code: -1, message: 'Group not found: x' },
      { kind: 'rejected', certain: true },
    ],
    [
      { code: -1, message: 'Failed to send message', data: result('UNREGISTERED_FAILURE') },
      { kind: 'rejected' },
    ],
    [
      { code: -1, message: 'Failed to send message', data: result('NETWORK_FAILURE') },
      { kind: 'network', certain: false },
    ],
    [
      { code: -1, message: 'Failed', data: result('INVALID_PRE_KEY_FAILURE') },
      { kind: 'unavailable', certain: true },
    ],
    [
      { code: -2, message: 'unexpected' },
      { kind: 'unavailable', certain: false },
    ],
    [
      { code: -3, message: 'io' },
      { kind: 'network', certain: false },
    ],
    [
      {
        code: -4,
        message: 'Failed to send message due to untrusted identities',
        data: result('IDENTITY_FAILURE'),
      },
      { kind: 'rejected', hint: expect.stringContaining('signal-cli trust') },
    ],
    [
      { code: -5, message: 'rate', data: result('RATE_LIMIT_FAILURE', { retryAfterSeconds: 7 }) },
      { kind: 'rate_limited', retryAfterMs: 7000, certain: true },
    ],
    [
      { code: -5, message: 'rate' },
      { kind: 'rate_limited', retryAfterMs: 60_000 },
    ],
    [
      {
        code: -5,
        message: 'rate',
        data: result('RATE_LIMIT_FAILURE', { token: 'challenge-1', retryAfterSeconds: 86_400 }),
      },
      {
        kind: 'rate_limited',
        retryAfterMs: 86_400_000,
        message: expect.stringContaining('captcha for the challenge challenge-1 (-5)'),
        hint: expect.stringContaining('challenge-1'),
      },
    ],
    [
      { code: -32602, message: 'Specified account does not exist' },
      { kind: 'auth', hint: expect.any(String) },
    ],
    [
      { code: -32601, message: 'Method not implemented' },
      { kind: 'rejected', hint: expect.stringContaining('update') },
    ],
    [
      {
        code: -32603,
        message:
          'Failed to send message: [403] Authorization failed! (AuthorizationFailedException) (UnexpectedErrorException)',
      },
      { kind: 'auth', certain: true },
    ],
    [
      {
        code: -32603,
        message: `Failed to send message: data:image/png;filename=x.png;base64,${'QUJD'.repeat(100)}: reset (AttachmentInvalidException) (UnexpectedErrorException)`,
      },
      {
        kind: 'unavailable',
        certain: true,
        message:
          'signal-cli says: Failed to send message: a file: reset (AttachmentInvalidException) (UnexpectedErrorException) (-32603)',
      },
    ],
    [
      { code: -32603, message: 'An internal server error has occurred.' },
      { kind: 'unavailable', certain: false },
    ],
  ])('%j', async (error, expected) => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.daemon.refuse('send', error);
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject(expected);
    expect(b.daemon.seen).toEqual([]);
  });
});

describe('a broken connection', () => {
  it.each([
    ['before', false, { kind: 'drop' }],
    ['after', true, { kind: 'drop', when: 'after' }],
    ['with nonsense', true, { kind: 'malformed', when: 'after' }],
    ['with a gateway time-out', true, { kind: 'status', status: 504, when: 'after' }],
  ] as const)('%s: nobody knows whether it arrived', async (_, arrived, fault) => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.daemon.fail('send', fault);
    const error = await failure(b.adapter.send(outbound('Hi'), soon()));
    expect(error.certain).toBe(false);
    expect(b.daemon.seen).toHaveLength(arrived ? 1 : 0);
    expect(b.daemon.requests.get('send')).toBe(1);
  });

  it('gives up after a while', async () => {
    await using b = await bench({ callMs: 50 });
    await b.adapter.start(b.host);
    b.daemon.fail('send', { kind: 'hang' });
    const error = await failure(b.adapter.send(outbound('Hi'), soon()));
    expect(error).toMatchObject({
      kind: 'network',
      certain: false,
      message: 'signal-cli gave no answer in time',
    });
  });

  it('is certain when the daemon is not there at all', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    await b.daemon.stop();
    expect(await failure(b.adapter.send(outbound('Hi'), soon()))).toMatchObject({
      kind: 'network',
      certain: true,
    });
  });

  it('ends with a stop', async () => {
    await using b = await bench();
    await b.adapter.start(b.host);
    b.daemon.fail('send', { kind: 'hang' });
    const sending = failure(b.adapter.send(outbound('Hi'), soon()));
    await b.daemon.until(() => b.daemon.requests.get('send') === 1, 'the attempt');
    await b.adapter.stop();
    expect((await sending).certain).toBe(false);
  });
});

async function failure(sending: Promise<unknown>): Promise<ChannelError> {
  const error = await sending.then(
    () => expect.fail('it was sent'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ChannelError);
  return error as ChannelError;
}
