import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Attachment, OutboundFile } from '../../../src/contract/index.ts';
import { bench, heard, outbound, soon } from './harness.ts';

type Bench = Awaited<ReturnType<typeof bench>>;

/** Not a multiple of the cipher's blocks, and more than one piece of a download. */
const CONTENT = Buffer.from(Array.from({ length: 200_003 }, (_, index) => index % 251));

it.each([
  ['image', 'image', { mime: 'image/jpeg' }],
  ['video', 'video', { mime: 'video/mp4' }],
  ['audio', 'audio', { mime: 'audio/ogg; codecs=opus' }],
  ['document', 'file', { mime: 'application/pdf', name: 'plan.pdf' }],
  ['sticker', 'sticker', { mime: 'image/webp' }],
] as const)('fetches a person’s %s', async (type, kind, about) => {
  await using it = await bench();
  it.whatsapp.say(it.alice, it.whatsapp.file(type, { ...about, content: CONTENT }));
  const attachment = await received(it);
  expect(attachment).toEqual({ kind, ...about, bytes: CONTENT.length, ref: expect.any(String) });
  expect(await fetched(it, attachment)).toEqual(CONTENT);
});

it('takes the parts of an album for one', async () => {
  await using it = await bench();
  const parent = it.whatsapp.say(it.alice, { albumMessage: { expectedImageCount: 2 } });
  const messageAssociation = { associationType: 1, parentMessageKey: { id: parent, fromMe: true } };
  const picture = it.whatsapp.file('image', { mime: 'image/png', content: CONTENT });
  it.whatsapp.say(it.alice, { ...picture, messageContextInfo: { messageAssociation } });
  const vanishing = { ephemeralMessage: { message: picture } };
  it.whatsapp.say(it.alice, { ...vanishing, messageContextInfo: { messageAssociation } });
  await it.host.until(() => it.host.messages.length === 2, 'both pictures');
  expect(it.host.messages.map(({ album }) => album)).toEqual([parent, parent]);
});

it('tells of a place and of a contact', async () => {
  await using it = await bench();
  const degrees = { degreesLatitude: 52.5, degreesLongitude: 13.4 };
  it.whatsapp.say(it.alice, { locationMessage: { ...degrees, name: 'The office' } });
  const vcard = 'BEGIN:VCARD\nFN:Bob\nitem1.TEL;waid=15550103:+1 555 0103\nEND:VCARD';
  it.whatsapp.say(it.alice, { contactMessage: { displayName: 'Bob', vcard } });
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  expect(it.host.messages.map(({ attachments }) => attachments)).toEqual([
    [{ kind: 'location', name: 'The office, 52.5, 13.4' }],
    [{ kind: 'contact', name: 'Bob, +1 555 0103' }],
  ]);
});

it('asks the phone for a file that has expired', async () => {
  await using it = await bench();
  for (const group of [undefined, it.group]) {
    it.whatsapp.say(it.bob, it.whatsapp.file('image', { mime: 'image/png', content: CONTENT }), group);
    const attachment = await received(it);
    it.whatsapp.media.expire();
    expect(await fetched(it, attachment)).toEqual(CONTENT);
  }
  expect(it.whatsapp.filesAsked).toHaveLength(2);
});

it('gives a file up that the phone does not have either', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, it.whatsapp.file('image', { mime: 'image/png', content: CONTENT }));
  const attachment = await received(it);
  it.whatsapp.media.expire();
  it.whatsapp.phoneHasFiles = false;
  await expect(fetched(it, attachment)).rejects.toMatchObject({
    kind: 'rejected',
    message: expect.stringContaining('phone'),
  });
});

it('survives a download that is cut, and can begin it again', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, it.whatsapp.file('video', { mime: 'video/mp4', content: CONTENT }));
  const attachment = await received(it);
  it.whatsapp.media.breakOff();
  await expect(fetched(it, attachment)).rejects.toMatchObject({ kind: 'network' });
  expect(await fetched(it, attachment)).toEqual(CONTENT);
  expect(it.host.states).toEqual([]);
});

it.each([
  [429, 'rate_limited'],
  [503, 'unavailable'],
  [400, 'rejected'],
])('tells an answer %i of the media server by its kind', async (status, kind) => {
  await using it = await bench();
  it.whatsapp.say(it.alice, it.whatsapp.file('image', { mime: 'image/png', content: CONTENT }));
  const attachment = await received(it);
  it.whatsapp.media.refuseNext(status);
  await expect(fetched(it, attachment)).rejects.toMatchObject({ kind });
});

it('fetches from WhatsApp only, whatever host a message names', async () => {
  await using it = await bench();
  const { imageMessage } = it.whatsapp.file('image', { mime: 'image/png', content: CONTENT });
  it.whatsapp.say(it.alice, { imageMessage: { ...imageMessage, url: 'https://192.0.2.1/x' } });
  expect(await fetched(it, await received(it))).toEqual(CONTENT);
  it.whatsapp.say(it.alice, { imageMessage: { ...imageMessage, directPath: '@192.0.2.1/x' } });
  await expect(fetched(it, await received(it))).rejects.toMatchObject({ kind: 'rejected' });
});

it('refuses a file that is not the one that was sent', async () => {
  await using it = await bench();
  const { imageMessage } = it.whatsapp.file('image', { mime: 'image/png', content: CONTENT });
  const sealed = Buffer.from(it.whatsapp.media.at(imageMessage?.directPath ?? ''));
  sealed[7] = (sealed[7] ?? 0) ^ 1;
  it.whatsapp.say(it.alice, {
    imageMessage: { ...imageMessage, directPath: it.whatsapp.media.put(sealed) },
  });
  await expect(fetched(it, await received(it))).rejects.toMatchObject({ kind: 'rejected' });
});

it.each([
  ['a picture', 'image/png', 'Look', { type: 'image', mime: 'image/png' }],
  ['a picture that phones do not show', 'image/svg+xml', 'Look', { type: 'document', name: 'it' }],
  ['a video', 'video/mp4', 'Look', { type: 'video', mime: 'video/mp4' }],
  ['a voice message', 'audio/ogg', '', { type: 'audio', mime: 'audio/ogg; codecs=opus', isVoice: true }],
  ['music', 'audio/mpeg', '', { type: 'audio', mime: 'audio/mpeg', isVoice: false }],
  ['music with words beside it', 'audio/mpeg', 'Listen', { type: 'document', name: 'it' }],
  ['any other file', 'application/zip', 'Here', { type: 'document', mime: 'application/zip', name: 'it' }],
])('sends %s', async (_, mime, text, shown) => {
  await using it = await bench();
  await it.adapter.send(outbound(text, { files: [saved(it, mime)] }), soon());
  expect(it.whatsapp.seen).toMatchObject([{ text, file: { ...shown, content: CONTENT } }]);
  expect(readdirSync(join(it.folder, 'uploads')), 'no copy is left behind').toEqual([]);
});

it('sends what is too large to be shown as a document', async () => {
  await using it = await bench();
  const file = { ...saved(it, 'video/mp4'), bytes: 16_000_001 };
  await it.adapter.send(outbound('', { files: [file] }), soon());
  expect(it.whatsapp.seen).toMatchObject([{ file: { type: 'document' } }]);
});

it('answers with a file in a group', async () => {
  await using it = await bench();
  it.whatsapp.say(it.bob, 'The plan?', it.group);
  await it.host.until(() => it.host.messages.length === 1, 'the question');
  const { chat, platformId } = heard(it.host);
  const files = [saved(it, 'application/pdf')] as const;
  await it.adapter.send(outbound('', { chat, files, replyTo: platformId }), soon());
  expect(it.whatsapp.seen.map(({ reader, file }) => [reader, file?.content])).toEqual([
    [it.alice.jid, CONTENT],
    [it.bob.jid, CONTENT],
  ]);
  expect(it.whatsapp.seen[0]?.message.documentMessage?.contextInfo?.participant).toBe(it.bob.jid);
});

it('uploads a file once, also when it is tried again after a restart', async () => {
  await using it = await bench();
  const message = outbound('once', { files: [saved(it, 'image/png')] });
  it.whatsapp.failNext('accept and cut');
  await expect(it.adapter.send(message, soon())).rejects.toMatchObject({ certain: false });
  await it.restart();
  await it.adapter.send({ ...message, possiblyRepeated: true }, soon());
  expect(it.whatsapp.seen).toMatchObject([{ file: { content: CONTENT } }]);
  expect(it.whatsapp.media.uploads).toBe(1);
});

it('knows that nothing was sent when the upload failed', async () => {
  await using it = await bench();
  const message = outbound('', { files: [saved(it, 'image/png')] });
  it.whatsapp.media.refuseNext(503);
  await expect(it.adapter.send(message, soon())).rejects.toMatchObject({
    kind: 'unavailable',
    certain: true,
  });
  expect(it.whatsapp.arrivals.size).toBe(0);
  await it.adapter.send(message, soon());
  expect(it.whatsapp.seen).toHaveLength(1);
});

/** What came with the next message. */
async function received({ host }: Bench): Promise<Attachment> {
  const count = host.messages.length;
  await host.until(() => host.messages.length > count, 'the file');
  const attachment = heard(host).attachments?.[0];
  if (attachment === undefined) throw new Error('nothing came with the message');
  return attachment;
}

async function fetched({ adapter }: Bench, attachment: Attachment): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of (await adapter.download?.(attachment, soon())) ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

function saved({ folder }: Bench, mime: string): OutboundFile {
  const path = join(folder, 'it');
  writeFileSync(path, CONTENT);
  return { kind: 'file', path, name: 'it', mime, bytes: CONTENT.length };
}
