import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { HistoryEntry } from '../../src/contract/index.ts';
import { FakeOpenAI, Gate } from '../platforms/openai.ts';
import { ask, dataOf, llmAt, said, turnOf } from './kit.ts';

let fake: FakeOpenAI;
beforeEach(async () => {
  fake = await new FakeOpenAI().listen();
});
afterEach(() => fake.stop());

describe('an answer', () => {
  test('is handed on while the model still speaks, in its order', async () => {
    const gate = new Gate();
    fake.gate = gate;
    fake.say(['One ', 'two ', 'three.']);
    gate.open();
    const heard: string[] = [];
    const { events } = await ask(await llmAt(fake), turnOf('count'), (event) => {
      if (event.type !== 'chunk') return;
      heard.push(event.text);
      gate.open(); // the fake says the next word only now
    });
    expect(heard).toEqual(['One ', 'two ', 'three.']);
    expect(events.at(-1)).toEqual({ type: 'done' });
  });

  test('holds nothing of what the model thinks aloud', async () => {
    fake.say({ reasoning: 'The person greets me.', chunks: ['Hello!'] });
    expect((await ask(await llmAt(fake), turnOf('hi'))).text).toBe('Hello!');
  });

  test('tells what it cost, and what answered', async () => {
    fake.say(['One ', 'two.']);
    const outcome = await ask(await llmAt(fake), turnOf('count'));
    expect(dataOf(outcome, 'usage')).toEqual({
      provider: 'openai-compatible',
      model: 'fake-model',
      finish_reason: 'stop',
      input_tokens: 2, // the system prompt and the question
      output_tokens: 2,
      ms: expect.any(Number),
      first_token_ms: expect.any(Number),
    });
  });

  test('goes on, with a further request, when something is said meanwhile', async () => {
    fake.say(['It is ', 'noon.']);
    fake.say(['Then it is nine.']);
    const turn = turnOf('what time is it?', { later: [said('in Tokyo, I mean')] });
    const { text, events } = await ask(await llmAt(fake), turn);
    expect(text).toBe('It is noon.\n\nThen it is nine.');
    expect(fake.chats.map(({ messages }) => messages.slice(1))).toEqual([
      [{ role: 'user', content: 'what time is it?' }],
      [
        { role: 'user', content: 'what time is it?' },
        { role: 'assistant', content: 'It is noon.' },
        { role: 'user', content: 'in Tokyo, I mean' },
      ],
    ]);
    expect(events.filter(({ type }) => type === 'data')).toHaveLength(2);
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(1);
  });

  test('says so when the model reached its limit of length', async () => {
    fake.say({ chunks: ['It began in'], finishReason: 'length' });
    const { text, events } = await ask(await llmAt(fake), turnOf('tell'));
    expect(text).toMatch(/^It began in\n\n\*\(The answer ends here because .* limit of length\.\)\*$/);
    expect(events.at(-1)).toEqual({ type: 'done' });
  });

  test('says so when a content filter ended it', async () => {
    fake.say({ chunks: ['It began'], finishReason: 'content_filter' });
    expect((await ask(await llmAt(fake), turnOf('tell'))).text).toMatch(/content filter/);
    fake.say({ chunks: ['开头'], finishReason: 'content_filter' });
    const { text } = await ask(await llmAt(fake), turnOf('讲讲', { language: 'zh' }));
    expect(text).toMatch(/^开头\n\n\*（.*内容过滤.*）\*$/);
  });
});

describe('the request', () => {
  test('carries the prompt, the history and what was said, and the settings', async () => {
    const agent = await llmAt(fake, {
      system_prompt: 'You are Marvin.',
      temperature: 0.5,
      max_output_tokens: 99,
      api_key: 'sk-test-0000',
    });
    const history: HistoryEntry[] = [
      { role: 'user', text: 'first' },
      { role: 'assistant', text: 'answer' },
    ];
    await ask(agent, turnOf('second', { history }));
    const [chat] = fake.chats;
    expect(chat?.messages[0]).toMatchObject({ role: 'system' });
    expect(chat?.messages[0]?.content).toMatch(/^You are Marvin\.\n/);
    expect(chat?.messages.slice(1)).toEqual([
      { role: 'user', content: 'first' },
      { role: 'assistant', content: 'answer' },
      { role: 'user', content: 'second' },
    ]);
    expect(chat?.body).toMatchObject({ model: 'fake-model', stream: true, temperature: 0.5, max_tokens: 99 });
    expect(chat?.headers.authorization).toBe('Bearer sk-test-0000');
  });

  test('leaves to the provider what is not set', async () => {
    await ask(await llmAt(fake), turnOf('hi'));
    const [chat] = fake.chats;
    expect(chat?.body).not.toHaveProperty('temperature');
    expect(chat?.body).not.toHaveProperty('max_tokens');
    expect(chat?.headers).not.toHaveProperty('authorization');
  });

  test('holds only as much history as is paid for', async () => {
    const agent = await llmAt(fake, { history_tokens: 200 });
    const history = Array.from({ length: 100 }, (_, index): HistoryEntry[] => [
      { role: 'user', text: `question ${index} ${'x'.repeat(100)}` },
      { role: 'assistant', text: `answer ${index} ${'x'.repeat(100)}` },
    ]).flat();
    await ask(agent, turnOf('and now?', { history }));
    const texts = fake.chats[0]?.messages.slice(1).map(({ content }) => content.split(' x')[0]);
    expect(texts).toEqual([
      'question 97',
      'answer 97',
      'question 98',
      'answer 98',
      'question 99',
      'answer 99',
      'and now?',
    ]);
  });

  test('is made by a turn and by nothing else', async () => {
    const agent = await llmAt(fake);
    const runtime = await agent.open('s' as never, undefined);
    await runtime.close();
    expect(fake.asked).toBe(0);
    await ask(agent, turnOf('hi'));
    expect(fake.asked).toBe(1);
  });
});

describe('a stop', () => {
  test('ends the request at the far side, and says nothing more', async () => {
    const stop = new AbortController();
    fake.say({ chunks: ['Well, '], end: 'hang' });
    const { events } = await ask(await llmAt(fake), turnOf('hi', { signal: stop.signal }), () =>
      stop.abort(),
    );
    expect(events).toEqual([{ type: 'chunk', text: 'Well, ' }]);
    await fake.until(() => fake.abandoned === 1, 'the request ends');
  });

  test('before the first word works too', async () => {
    const stop = new AbortController();
    fake.say({ chunks: [], end: 'hang' });
    const running = ask(await llmAt(fake), turnOf('hi', { signal: stop.signal }));
    await fake.until(() => fake.underWay === 1, 'the request is there');
    stop.abort();
    expect((await running).events).toEqual([]);
    await fake.until(() => fake.abandoned === 1, 'the request ends');
  });

  test('before the turn began asks nobody', async () => {
    const { events } = await ask(await llmAt(fake), turnOf('hi', { signal: AbortSignal.abort() }));
    expect(events).toEqual([]);
    expect(fake.asked).toBe(0);
  });

  test('also comes by no longer listening', async () => {
    fake.say({ chunks: ['Well, '], end: 'hang' });
    const runtime = await (await llmAt(fake)).open('s' as never, undefined);
    for await (const event of runtime.run(turnOf('hi'))) {
      if (event.type === 'chunk') break;
    }
    await fake.until(() => fake.abandoned === 1, 'the request ends');
  });
});

test('many turns of one agent run side by side', async () => {
  fake.gate = new Gate();
  fake.answer = ({ messages }) => `re: ${messages.at(-1)?.content}`;
  const agent = await llmAt(fake);
  const questions = Array.from({ length: 20 }, (_, index) => `question ${index}`);
  const running = questions.map((question) => ask(agent, turnOf(question)));
  await fake.until(() => fake.underWay === 20, 'all requests are there');
  fake.gate.open(1000);
  const texts = (await Promise.all(running)).map(({ text }) => text);
  expect(texts).toEqual(questions.map((question) => `re: ${question}`));
  expect(fake.mostUnderWay).toBe(20);
});
