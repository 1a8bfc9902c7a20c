import { expect, test } from 'vitest';
import { capabilities } from '../../../adapters/telegram/capabilities.ts';
import type { OutboundMessage } from '../../../src/contract/index.ts';
import { textsIn } from '../../../src/texts/index.ts';
import { refusal } from './refusal.ts';
import { BEFORE_THE_SERVER_DOES, outbound, PATIENT, type Setup, setUp, WEBHOOK } from './setup.ts';

const QUESTION = outbound('Tea or coffee?', { choices: ['Tea', 'Coffee'] });

/** A question with buttons has been sent. */
async function asked({
  question = QUESTION,
  options = {},
}: {
  question?: OutboundMessage;
  options?: object;
} = {}): Promise<Setup & { id: number }> {
  const it = await setUp(options);
  it.platform.chat(42);
  await it.adapter.start(it.host);
  const { platformId } = await it.adapter.send(question, PATIENT);
  return { ...it, id: Number(platformId) };
}

test.each([
  ['polling', {}],
  ['webhook', WEBHOOK],
])('a choice by %s: first it is on disk, then the person sees that it is taken', async (_, options) => {
  await using it = await asked({ options });
  expect(it.platform.buttonsUnder(42, it.id)).toEqual(['Tea', 'Coffee']);
  const letGo = it.host.hold();
  const press = it.platform.press(42, 'Coffee');
  await it.host.until(() => it.host.offers === 1, 'the offer');
  // A send there and back gives a premature answer the time to arrive.
  await it.adapter.send(outbound('meanwhile'), PATIENT);
  expect(it.platform.told.has(press)).toBe(false);
  expect(it.platform.buttonsUnder(42, it.id)).toHaveLength(2);
  letGo();
  await it.platform.until(() => it.platform.told.has(press), 'the press to be answered');
  await it.platform.until(() => it.platform.buttonsUnder(42, it.id).length === 0, 'the buttons to go');
  expect(it.platform.told.get(press)).toBe('');
  expect(it.host.messages).toMatchObject([{ text: 'Coffee', choice: { of: `${it.id}` } }]);
});

test('a choice that could not be stored comes again, and counts once', async () => {
  await using it = await asked();
  it.host.rejectNext();
  const press = it.platform.press(42, 'Tea');
  await it.platform.until(() => it.platform.told.has(press), 'the press to be answered');
  expect(it.host.offers).toBe(2);
  expect(it.host.messages.map(({ text }) => text)).toEqual(['Tea']);
});

test('a press under a message that is too old is answered, and chooses nothing', async () => {
  await using it = await asked();
  const press = it.platform.press(42, 'Tea', { stale: true });
  await it.platform.until(() => it.platform.told.has(press), 'the press to be answered');
  expect(it.platform.told.get(press)).toMatch(/write your answer/);
  expect(it.host.messages).toEqual([]);
});

test('who presses a button that is too old is told so in the language of their app', async () => {
  await using it = await asked();
  const from = { id: 42, is_bot: false, first_name: 'Ann', language_code: 'zh-hans' };
  const press = it.platform.press(42, 'Tea', { stale: true, from });
  await it.platform.until(() => it.platform.told.has(press), 'the press to be answered');
  expect(it.platform.told.get(press)).toBe(textsIn('zh').chat.questionClosed);
});

test('trouble with the buttons disturbs nothing', async () => {
  await using it = await asked();
  for (const operation of ['answerCallbackQuery', 'editMessageReplyMarkup'])
    it.platform.fail(operation, refusal(400, 'Bad Request'));
  it.platform.press(42, 'Tea');
  await it.platform.until(() => it.platform.requests.has('editMessageReplyMarkup'), 'both calls');
  it.platform.say({ text: 'still there?' });
  await it.host.until(() => it.host.messages.length === 2, 'both messages');
  expect(it.host.states).toEqual([]);
});

test('stops while the answer to a press hangs', async () => {
  await using it = await asked();
  for (const operation of ['answerCallbackQuery', 'editMessageReplyMarkup'])
    it.platform.fail(operation, { kind: 'hang' });
  it.platform.press(42, 'Tea');
  await it.platform.until(() => it.platform.requests.has('editMessageReplyMarkup'), 'both calls');
  await it.adapter.stop();
  await it.platform.until(
    () => it.platform.connections === 0,
    'no connection to be left',
    BEFORE_THE_SERVER_DOES,
  );
});

test('as many buttons, and as long ones, as the capabilities say', async () => {
  const { most, labelLimit } = capabilities.choices ?? expect.fail();
  const choices = Array.from({ length: most }, (_, index) => `${index}`.padEnd(labelLimit, '字'));
  await using it = await asked({ question: { ...QUESTION, choices } });
  expect(it.platform.buttonsUnder(42, it.id)).toEqual(choices);
  it.platform.press(42, choices.at(-1) ?? '');
  await it.host.until(() => it.host.messages.length === 1, 'the choice');
  expect(it.host.messages[0]?.text).toBe(choices.at(-1));
});

test('labels are words and no markup', async () => {
  const choices = ['<b>1 & 2</b>', '@everyone', 'a\u202Eb'];
  await using it = await asked({ question: { ...QUESTION, choices } });
  expect(it.platform.buttonsUnder(42, it.id)).toEqual(choices);
});

test('markup that Telegram does not understand: the plain form has the buttons, too', async () => {
  const body = { text: '<h1>Tea?</h1>', plain: 'Tea?' };
  await using it = await asked({ question: { ...QUESTION, body } });
  expect(it.platform.sent).toMatchObject([{ text: 'Tea?' }]);
  expect(it.platform.buttonsUnder(42, it.id)).toEqual(['Tea', 'Coffee']);
});
