import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { capabilities } from '../../../adapters/telegram/capabilities.ts';
import { type OutboundFile, platformMessageId } from '../../../src/contract/index.ts';
import { emptyFolder } from '../../kit/folder.ts';
import type { Fault } from '../../platforms/fake-http.ts';
import { refusal } from './refusal.ts';
import { failure, outbound, PATIENT, type Setup, setUp } from './setup.ts';

let folder: ReturnType<typeof emptyFolder>;
beforeAll(() => {
  folder = emptyFolder();
});
afterAll(() => folder[Symbol.dispose]());

/** A file of ours on the disk. */
function fileOf(
  kind: OutboundFile['kind'],
  mime: string,
  content = 'content',
  name = 'a file.bin',
): OutboundFile {
  const path = join(folder.path, `${crypto.randomUUID()}.bin`);
  writeFileSync(path, content);
  return { kind, path, name, mime, bytes: content.length };
}

const PHOTO = () => fileOf('image', 'image/png');

async function connected(): Promise<Setup> {
  const it = await setUp();
  it.platform.chat(42);
  await it.adapter.start(it.host);
  return it;
}

test.each([
  ['a picture', 'image', 'image/png', 'photo'],
  ['a picture that moves', 'image', 'image/gif', 'document'],
  ['a drawing', 'image', 'image/svg+xml', 'document'],
  ['music', 'audio', 'audio/mpeg', 'audio'],
  ['a voice', 'audio', 'audio/ogg; codecs=opus', 'voice'],
  ['a recording that Telegram does not play', 'audio', 'audio/wav', 'document'],
  ['a film', 'video', 'video/mp4', 'video'],
  ['a film that Telegram does not play', 'video', 'video/x-matroska', 'document'],
  ['a file', 'file', 'application/pdf', 'document'],
  ['a picture that is meant as a file', 'file', 'image/png', 'document'],
] as const)('%s', async (_, kind, mime, as) => {
  await using it = await connected();
  const receipt = await it.adapter.send(outbound('', { files: [fileOf(kind, mime)] }), PATIENT);
  expect(it.platform.sent).toMatchObject([
    { chat: 42, id: Number(receipt.platformId), text: '', file: { as, name: 'a file.bin' } },
  ]);
  expect(it.platform.sent[0]?.file?.content.toString()).toBe('content');
});

test('a picture over 10 MB goes as a file', async () => {
  await using it = await connected();
  const file = fileOf('image', 'image/png', 'x'.repeat(10_000_001));
  await it.adapter.send(outbound('', { files: [file] }), PATIENT);
  expect(it.platform.sent[0]?.file).toMatchObject({ as: 'document' });
  expect(it.platform.sent[0]?.file?.content.length).toBe(file.bytes);
});

test('a caption with markup, as an answer, into a topic', async () => {
  await using it = await connected();
  const asked = it.platform.say({ chat: -1009, topic: 77, text: 'show me' });
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const chat = it.host.messages[0]?.chat ?? expect.fail('no message');
  const body = it.adapter.render('**Here** it is')[0] ?? expect.fail();
  const replyTo = platformMessageId(`${asked}`);
  await it.adapter.send(outbound('', { body, chat, replyTo, files: [PHOTO()] }), PATIENT);
  expect(it.platform.sent).toMatchObject([
    { chat: -1009, topic: 77, replyTo: asked, text: 'Here it is', entities: [{ type: 'bold' }] },
  ]);
});

test('the longest caption fits, also with the mark of a repetition', async () => {
  await using it = await connected();
  const { captionLimit = 0 } = capabilities.files ?? {};
  const text = '&amp;'.repeat(captionLimit);
  await it.adapter.send(outbound(text, { files: [PHOTO()], possiblyRepeated: true }), PATIENT);
  expect(it.platform.sent[0]?.text).toBe(`↻ sent again after an interruption\n\n${'&'.repeat(captionLimit)}`);
  expect(it.platform.sent[0]?.text).toHaveLength(1024);
});

test('no name breaks out of its place', async () => {
  await using it = await connected();
  for (const name of ['a"b;c\\d.txt', 'x\r\ncontent-type:text/html\r\n\r\n.txt', 'Grüße 🙂.txt']) {
    await it.adapter.send(outbound('', { files: [fileOf('file', 'text/plain', 'content', name)] }), PATIENT);
  }
  expect(it.platform.sent.map(({ file }) => file?.name)).toEqual([
    'a_b_c_d.txt',
    'x__content-type:text/html____.txt',
    'Grüße 🙂.txt',
  ]);
  expect(it.platform.sent.map(({ file }) => file?.content.toString())).toEqual(Array(3).fill('content'));
});

describe('an album', () => {
  const FILM = () => fileOf('video', 'video/mp4', 'moves', 'film.mp4');

  test('of pictures and films: one message, with one caption and one receipt', async () => {
    await using it = await connected();
    const asked = it.platform.say({ text: 'show me' });
    const body = it.adapter.render('**Here** they are')[0] ?? expect.fail();
    const files = [PHOTO(), FILM()] as const;
    const replyTo = platformMessageId(`${asked}`);
    const receipt = await it.adapter.send(outbound('', { body, files, replyTo }), PATIENT);
    const album = it.platform.sent[0]?.album ?? expect.fail('no album');
    expect(it.platform.sent).toMatchObject([
      { album, replyTo: asked, text: 'Here they are', entities: [{ type: 'bold' }], file: { as: 'photo' } },
      { album, replyTo: asked, text: '', file: { as: 'video', name: 'film.mp4' } },
    ]);
    expect(it.platform.sent.map(({ file }) => file?.content.toString())).toEqual(['content', 'moves']);
    expect(receipt.platformId).toBe(`${it.platform.sent[0]?.id}`);
    expect(it.platform.requests.get('sendMediaGroup')).toBe(1);
  });

  test.each([
    ['a picture that is too large', () => fileOf('image', 'image/png', 'x'.repeat(10_000_001))],
    ['a drawing', () => fileOf('image', 'image/svg+xml')],
    ['music', () => fileOf('audio', 'audio/mpeg')],
  ])('with %s, which does not mix: all of it as documents', async (_, odd) => {
    await using it = await connected();
    await it.adapter.send(outbound('look', { files: [PHOTO(), odd()] }), PATIENT);
    expect(it.platform.sent).toMatchObject([{ text: 'look', file: { as: 'document' } }, { text: '' }]);
    expect(it.platform.sent[1]?.file?.as).toBe('document');
  });

  test('of as many as the capabilities say, also as a repetition', async () => {
    await using it = await connected();
    const { perMessage = 0 } = capabilities.files ?? {};
    const files = [PHOTO(), ...Array.from({ length: perMessage - 1 }, PHOTO)] as const;
    await it.adapter.send(outbound('look', { files, possiblyRepeated: true }), PATIENT);
    expect(it.platform.sent).toHaveLength(10);
    expect(it.platform.sent[0]?.text).toBe('↻ sent again after an interruption\n\nlook');
  });

  test.each([
    'failed to send message #2 with the error message "PHOTO_INVALID_DIMENSIONS"',
    "can't use the media of the specified type in the album",
  ])('of which Telegram cannot show one (%s): all of it as documents', async (words) => {
    await using it = await connected();
    it.platform.fail('sendMediaGroup', refusal(400, `Bad Request: ${words}`));
    await it.adapter.send(outbound('look', { files: [PHOTO(), FILM()] }), PATIENT);
    expect(it.platform.sent.map(({ file }) => file?.as)).toEqual(['document', 'document']);
    expect(it.platform.sent.map(({ file }) => file?.content.toString())).toEqual(['content', 'moves']);
  });

  test.each(['Message was not sent', 'Too Many Requests: retry after 8'])(
    'of which a part may have arrived (%s): nobody knows',
    async (words) => {
      await using it = await connected();
      const description = `Bad Request: failed to send message #2 with the error message "${words}"`;
      it.platform.fail('sendMediaGroup', { ...refusal(400, description), when: 'after' });
      const sending = it.adapter.send(outbound('', { files: [PHOTO(), FILM()] }), PATIENT);
      expect(await failure(sending)).toMatchObject({ kind: 'unavailable', certain: false });
      expect(it.platform.requests.get('sendMediaGroup'), 'one attempt').toBe(1);
    },
  );

  test('whose receipt is lost: nobody knows', async () => {
    await using it = await connected();
    it.platform.fail('sendMediaGroup', { kind: 'drop', when: 'after' });
    const sending = it.adapter.send(outbound('', { files: [PHOTO(), FILM()] }), PATIENT);
    expect(await failure(sending)).toMatchObject({ kind: 'network', certain: false });
    expect(it.platform.sent).toHaveLength(2);
    expect(it.platform.requests.get('sendMediaGroup'), 'one attempt').toBe(1);
  });
});

describe('a refusal that can be met at once', () => {
  test.each([
    ['sendPhoto', 'image', 'image/png', 'PHOTO_INVALID_DIMENSIONS'],
    ['sendPhoto', 'image', 'image/png', 'IMAGE_PROCESS_FAILED'],
    ['sendVoice', 'audio', 'audio/ogg', 'VOICE_MESSAGES_FORBIDDEN'],
  ] as const)('%s: it goes as a document (%s, %s, %s)', async (operation, kind, mime, words) => {
    await using it = await connected();
    it.platform.fail(operation, refusal(400, `Bad Request: ${words}`));
    await it.adapter.send(outbound('look', { files: [fileOf(kind, mime)] }), PATIENT);
    expect(it.platform.sent).toMatchObject([{ text: 'look', file: { as: 'document' } }]);
    expect(it.platform.sent[0]?.file?.content.toString()).toBe('content');
  });

  test('markup that Telegram does not understand: the caption gets the plain form', async () => {
    await using it = await connected();
    const body = { text: '<h1>1 &lt; 2</h1>', plain: '1 < 2' };
    await it.adapter.send(outbound('', { body, files: [PHOTO()] }), PATIENT);
    expect(it.platform.sent).toMatchObject([{ text: '1 < 2', file: { as: 'photo' } }]);
  });

  test('what is refused as a document, too, is refused', async () => {
    await using it = await connected();
    for (const operation of ['sendPhoto', 'sendDocument'])
      it.platform.fail(operation, refusal(400, 'Bad Request: MEDIA_EMPTY'));
    expect(await failure(it.adapter.send(outbound('', { files: [PHOTO()] }), PATIENT))).toMatchObject({
      kind: 'rejected',
      certain: true,
    });
  });
});

describe('a send fails', () => {
  const cases: [string, Fault, object, number][] = [
    [
      'too large',
      refusal(413, 'Request Entity Too Large'),
      { kind: 'rejected', certain: true, hint: expect.stringContaining('50 MB') },
      0,
    ],
    [
      'blocked by the person',
      refusal(403, 'Forbidden: bot was blocked by the user'),
      { kind: 'rejected', certain: true },
      0,
    ],
    [
      'too fast',
      refusal(429, 'Too Many Requests: retry after 9', { retry_after: 9 }),
      { kind: 'rate_limited', certain: true, retryAfterMs: 9000 },
      0,
    ],
    ['cut before', { kind: 'drop' }, { kind: 'network', certain: false }, 0],
    ['cut after', { kind: 'drop', when: 'after' }, { kind: 'network', certain: false }, 1],
  ];
  test.each(cases)('%s', async (_, fault, expected, arrived) => {
    await using it = await connected();
    it.platform.fail('sendPhoto', fault);
    expect(await failure(it.adapter.send(outbound('', { files: [PHOTO()] }), PATIENT))).toMatchObject(
      expected,
    );
    expect(it.platform.sent).toHaveLength(arrived);
    expect(it.platform.requests.get('sendPhoto'), 'one attempt').toBe(1);
  });

  test('the file is gone: certainly not sent', async () => {
    await using it = await connected();
    const file = { ...PHOTO(), path: join(folder.path, 'gone') };
    const error = await failure(it.adapter.send(outbound('', { files: [file] }), PATIENT));
    expect(error).toMatchObject({ kind: 'rejected', certain: true, message: expect.stringMatching(/read/) });
    expect(error.message).not.toContain(folder.path);
    expect(it.platform.sent).toEqual([]);
  });
});
