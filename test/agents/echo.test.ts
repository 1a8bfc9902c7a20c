import { describe, expect, test } from 'vitest';
import { parseDocument } from 'yaml';
import { llmOptions } from '../../src/agents/llm/options.ts';
import { platformMessageId } from '../../src/contract/index.ts';
import { ask, makeAgent, said, turnOf } from './kit.ts';

const earlier = [{ role: 'user', text: 'hi' } as const];

describe('echo', () => {
  test('says back what was said, as a quotation', async () => {
    const outcome = await ask(await makeAgent('echo'), turnOf('one\ntwo', { history: earlier }));
    expect(outcome.text).toBe('You said:\n\n> one\n> two');
    expect(outcome.events.at(-1)).toEqual({ type: 'done' });
  });

  test('streams longer texts in a few pieces, cut between words', async () => {
    const text = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');
    const { events, text: answer } = await ask(await makeAgent('echo'), turnOf(text, { history: earlier }));
    const chunks = events.flatMap((event) => (event.type === 'chunk' ? [event.text] : []));
    expect(answer).toBe(`You said:\n\n> ${text}`);
    expect(chunks).toHaveLength(5);
    for (const chunk of chunks.slice(1, -1)) expect(chunk).toMatch(/ $/);
  });

  test('answers short texts in two pieces, which keeps it cheap', async () => {
    const { events } = await ask(await makeAgent('echo'), turnOf('hello there', { history: earlier }));
    expect(events.map(({ type }) => type)).toEqual(['chunk', 'chunk', 'done']);
  });

  test('says in a new session what it is, with lines of YAML that work', async () => {
    const { text } = await ask(await makeAgent('echo'), turnOf('hello'));
    expect(text).toMatch(/no model is connected/);
    expect(text).toMatch(/You said:\n\n> hello$/);
    const yaml = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? '';
    const { type, ...options } = parseDocument(yaml).toJS().agents.default;
    expect(type).toBe('llm');
    expect(llmOptions.safeParse(options).success).toBe(true);
  });

  test('goes on with what is said meanwhile', async () => {
    const turn = turnOf('one', { history: earlier, later: [said('two'), said('three')] });
    const { text } = await ask(await makeAgent('echo'), turn);
    expect(text).toBe('You said:\n\n> one\n\nAnd then:\n\n> two\n> \n> three');
  });

  test('does not repeat what was not said to it', async () => {
    const overheard = said('psst', { overheard: true, addressed: false });
    const { text } = await ask(
      await makeAgent('echo'),
      turnOf([overheard, said('hi')], { history: earlier }),
    );
    expect(text).toBe('You said:\n\n> hi');
  });

  test('speaks the language of who asks', async () => {
    const { text } = await ask(await makeAgent('echo'), turnOf('你好', { language: 'zh' }));
    expect(text).toMatch(/还没有接入模型/);
    expect(text).toMatch(/你说：\n\n> 你好$/);
    const { events } = await ask(
      await makeAgent('echo'),
      turnOf('选择 茶，咖啡', { language: 'zh', history: earlier }),
    );
    expect(events).toContainEqual({ type: 'choices', labels: ['茶', '咖啡'] });
  });

  test('mentions files', async () => {
    const message = said('', { attachments: [{ kind: 'image', name: 'cat.jpg' }, { kind: 'audio' }] });
    const { text } = await ask(await makeAgent('echo'), turnOf(message, { history: earlier }));
    expect(text).toBe('You said:\n\n> (and sent: image, audio)');
  });

  test('shows what else a chat can do: files come back, and emoji, and choices', async () => {
    const agent = await makeAgent('echo');
    const extras = async (message: Parameters<typeof turnOf>[0]) => {
      const { events } = await ask(agent, turnOf(message, { history: earlier }));
      return events.filter(({ type }) => type !== 'chunk' && type !== 'done');
    };
    const stored = { path: '/w/cat.png', mime: 'image/png', bytes: 1 };
    const attachments = [{ kind: 'image', name: 'cat.png', stored }, { kind: 'audio' }] as const;
    expect(await extras(said('', { attachments }))).toEqual([
      { type: 'artifact', file: { name: 'cat.png', content: { path: '/w/cat.png' } } },
    ]);
    expect(await extras('👩🏽‍🚀')).toEqual([{ type: 'reaction', emoji: '👩🏽‍🚀' }]);
    expect(await extras('Choose: tea, black coffee')).toEqual([
      { type: 'choices', labels: ['tea', 'black coffee'] },
    ]);
    expect(await extras('I choose tea 👍')).toEqual([]);
  });

  test('leaves out what only changed earlier messages', async () => {
    const edit = said('hallo', { change: { kind: 'edit', of: platformMessageId('0') } });
    const { text } = await ask(await makeAgent('echo'), turnOf([edit, said('and?')], { history: earlier }));
    expect(text).toBe('You said:\n\n> and?');
  });

  test('a delay ends when the turn is stopped', async () => {
    const stop = new AbortController();
    const running = ask(
      await makeAgent('echo', { delay_ms: 3_600_000 }),
      turnOf('hi', { signal: stop.signal }),
    );
    stop.abort();
    expect((await running).events).toEqual([]);
  });

  test('refuses keys that it does not know', async () => {
    await expect(makeAgent('echo', { delay: 1 })).rejects.toThrow(/delay/);
  });
});
