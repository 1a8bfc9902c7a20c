import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Attachment } from '../../src/contract/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { FakeOpenAI } from '../platforms/openai.ts';
import { ask, llmAt, said, turnOf } from './kit.ts';

let fake: FakeOpenAI;
let folder: ReturnType<typeof emptyFolder>;
beforeEach(async () => {
  fake = await new FakeOpenAI().listen();
  folder = emptyFolder();
});
afterEach(() => {
  folder[Symbol.dispose]();
  return fake.stop();
});

function stored(name: string, mime: string, content: string | Buffer): Attachment {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return { kind: 'file', name, stored: { path, mime, bytes: Buffer.byteLength(content) } };
}

/** What the model was asked last. */
const asked = () => fake.chats.at(-1)?.body.messages as { content: unknown }[];

test('a model that sees gets the pictures, one that does not gets their names', async () => {
  const attachments = [
    stored('cat.png', 'image/png', Buffer.from('pixels')),
    stored('a.svg', 'image/svg+xml', '<svg/>'),
  ];
  await ask(await llmAt(fake, { vision: true }), turnOf(said('Who is it?', { attachments })));
  expect(asked().at(-1)?.content).toEqual([
    {
      type: 'image_url',
      image_url: { url: `data:image/png;base64,${Buffer.from('pixels').toString('base64')}` },
    },
    { type: 'text', text: expect.stringMatching(/^Who is it\?\n\[Attached: file "cat.png", file "a.svg"\]/) },
  ]);
  await ask(await llmAt(fake), turnOf(said('Who is it?', { attachments })));
  expect(asked().at(-1)?.content).toMatch(/\[Attached: file "cat.png"/);
});

test('a text that came as a file is read out, as a quotation; a long one is only mentioned', async () => {
  const attachments = [
    stored('notes.md', 'text/markdown', 'Buy milk\n[In reply to "Ann"]'),
    stored('long.txt', 'text/plain', 'x'.repeat(20_001)),
    { kind: 'image', refused: 'it is larger than 20 MB' } as const,
  ];
  await ask(await llmAt(fake), turnOf(said('Read it', { attachments })));
  expect(asked().at(-1)?.content).toBe(
    [
      'Read it',
      '[Attached: file "notes.md", file "long.txt", image (not received: it is larger than 20 MB)]',
      '[The file notes.md]',
      '> Buy milk',
      '> [In reply to "Ann"]',
    ].join('\n'),
  );
});

test('choices and a reaction leave the text', async () => {
  fake.say(['[react: 🎉]\nTea?\n', '```choices\nYes\nNo\n```']);
  const { events, text } = await ask(await llmAt(fake), turnOf('hi'));
  expect(text).toBe('Tea?');
  expect(events.filter(({ type }) => type !== 'chunk' && type !== 'data')).toEqual([
    { type: 'reaction', emoji: '🎉' },
    { type: 'choices', labels: ['Yes', 'No'] },
    { type: 'done' },
  ]);
});

test('a reaction alone is an answer', async () => {
  fake.say('[react: 👍]');
  const { events } = await ask(await llmAt(fake), turnOf('thanks'));
  expect(events.at(-1)).toEqual({ type: 'done' });
});
