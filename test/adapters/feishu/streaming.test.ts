import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { chatId, type OutboundMessage } from '../../../src/contract/index.ts';
import { openBench, TEAM, toId } from './harness.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const refused = (code: number) => ({ kind: 'status', status: 400, body: { code, msg: 'no' } }) as const;

/** An answer that grows. `await using` what it returns. */
async function openStream(markdown = 'It is **fine**', more: Partial<OutboundMessage> = {}) {
  const bench = await openBench();
  await bench.start();
  const answer = bench.outbound(markdown, more);
  return Object.assign(bench, {
    answer,
    /** The gateway ends, and starts again a minute later. */
    async restartLater(): Promise<void> {
      const now = Date.now;
      vi.spyOn(Date, 'now').mockImplementation(() => now() + 60_000);
      await bench.restart();
    },
    async grow(text: string): Promise<void> {
      const { chat, turn, id, replyTo } = answer;
      const preview = { chat, turn, first: id, text, ...(replyTo && { replyTo }) };
      await bench.adapter.stream?.(preview, AbortSignal.timeout(20_000));
    },
    /** What Alice has before her. */
    seen: () => bench.fake.world.seen(bench.fake.world.alice),
    asked: (operation: string) => bench.fake.requests.get(operation) ?? 0,
  });
}

describe('an answer that grows', () => {
  it('is one message all the time, which then is the answer', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    expect(bench.seen()).toMatchObject([{ type: 'interactive', text: 'It', streaming: true }]);
    await bench.grow('It is');
    expect(bench.seen()).toMatchObject([{ text: 'It is', streaming: true }]);
    const { platformId } = await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ id: platformId, text: 'It is fine', streaming: false }]);
    expect(bench.asked('create')).toBe(1);
  });

  it('stands where the answer will', async () => {
    await using bench = await openStream('Yes', { chat: TEAM, replyTo: toId('om_1') });
    const question = bench.fake.world.add(bench.fake.world.team, {});
    await bench.grow('Y');
    await bench.send(bench.answer);
    expect(bench.fake.world.seen(bench.fake.world.team)).toMatchObject([
      { text: 'Yes', parent: question.id },
    ]);
  });

  it('stays in the thread', async () => {
    await using bench = await openStream('Yes', { chat: { id: chatId('oc_team:omt_1'), kind: 'group' } });
    bench.fake.world.add(bench.fake.world.team, { thread: 'omt_1' });
    await bench.grow('Y');
    await bench.send(bench.answer);
    expect(bench.fake.world.seen(bench.fake.world.team)).toMatchObject([{ text: 'Yes', thread: 'omt_1' }]);
  });

  it('mentions nobody', async () => {
    await using bench = await openStream('<at id=all></at> `<at id=all></at>` <at user_id="ou_tom">Tom</at>');
    await bench.grow('<at id=all></at>');
    await bench.grow('<at id=all></at> and\n```\n<at id=all></at>\n```');
    expect(bench.seen()).toMatchObject([{ text: expect.stringContaining('<at id=all>'), mentions: [] }]);
    await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ text: expect.stringContaining('<at user_id='), mentions: [] }]);
  });

  it('goes on when it took so long that Feishu ended the streaming', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    bench.fake.world.advance(11 * 60_000);
    await bench.grow('It is');
    expect(bench.seen()).toMatchObject([{ text: 'It is', streaming: true }]);
  });

  it('is over once the answer is there', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    await bench.send(bench.answer);
    await bench.grow('It is');
    expect(bench.seen()).toMatchObject([{ text: 'It is fine' }]);
  });

  it.each([
    ['createCard', 1],
    ['create', 1],
    ['convertCard', 1],
    ['writeCard', 2],
  ])('does not hold up the answer, nor overtake it: %s', async (operation, step) => {
    await using bench = await openStream();
    if (step === 2) await bench.grow('It');
    bench.fake.fail(operation, { kind: 'hang', when: 'after' });
    const growing = bench.grow('It is');
    await bench.fake.until(() => bench.asked(operation) === 1, 'the request');
    await bench.send(bench.answer);
    await growing;
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
  });

  it('that is too long for one message shows its beginning', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    await bench.grow(`It is ${'long '.repeat(30_000)}`);
    expect(bench.seen()).toHaveLength(1);
    expect(bench.seen()[0]?.text).toMatch(/^It is long long /);
    await bench.grow(`It is ${'long '.repeat(40_000)}`);
    expect(bench.asked('writeCard')).toBe(1);
  });

  it('is shown without markup where that would be too long for a card', async () => {
    await using bench = await openStream('a_b '.repeat(6900));
    await bench.grow('a_b');
    await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ text: 'a_b '.repeat(6900).trim() }]);
  });

  it('has its pictures and its buttons in the same card', async () => {
    await using bench = await openStream('Which?', { choices: ['This', 'That'] });
    const path = join(bench.host.dataDir(), 'x.png');
    writeFileSync(path, 'picture');
    await bench.grow('Wh');
    await bench.send({
      ...bench.answer,
      files: [{ kind: 'image', path, name: 'x.png', mime: 'image/png', bytes: 7 }],
    });
    expect(bench.seen()).toMatchObject([
      { text: 'Which?', buttons: ['This', 'That'], files: [{ data: Buffer.from('picture') }] },
    ]);
  });
});

describe('a preview that fails', () => {
  it.each([
    ['the card', 'createCard', 99991672],
    ['the message', 'create', 230020],
  ])('costs nothing but itself: %s', async (_, operation, code) => {
    await using bench = await openStream();
    bench.fake.fail(operation, refused(code));
    expect((await bench.failureOf(bench.grow('It'))).certain).toBe(true);
    await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
  });

  it.each(['create', 'convertCard', 'writeCard'])(
    'in the middle, at %s, is replaced all the same',
    async (operation) => {
      await using bench = await openStream();
      bench.fake.fail(operation, { kind: 'drop', when: 'after' });
      if (operation === 'writeCard') await bench.grow('It');
      await bench.failureOf(bench.grow('It is'));
      await bench.send(bench.answer);
      expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
    },
  );

  it.each(['setCard', 'replaceCard'])(
    'leaves one answer when the receipt of %s is lost',
    async (operation) => {
      await using bench = await openStream();
      await bench.grow('It');
      bench.fake.fail(operation, { kind: 'drop', when: 'after' });
      expect(await bench.failureOf(bench.send(bench.answer))).toMatchObject({
        kind: 'network',
        certain: false,
      });
      await bench.send(bench.answer);
      expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
    },
  );

  it('that somebody took away is not the end of the answer', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    const [preview] = bench.fake.world.messages;
    if (preview) preview.deleted = true;
    bench.fake.fail('setCard', refused(200740));
    await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ text: 'It is fine' }]);
  });
});

describe('a preview from before a restart', () => {
  it('becomes the answer', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    await bench.restartLater();
    const { platformId } = await bench.send({ ...bench.answer, previewLost: true });
    expect(bench.seen()).toMatchObject([{ id: platformId, text: 'It is fine', streaming: false }]);
  });

  it('becomes the answer, also when nobody said that there may be one', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    await bench.restartLater();
    await bench.send(bench.answer);
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
  });

  it('becomes the answer where we may not ask which card it shows', async () => {
    await using bench = await openStream();
    await bench.grow('It');
    await bench.restartLater();
    bench.fake.fail('convertCard', refused(99991672));
    await bench.send({ ...bench.answer, previewLost: true });
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
    expect(bench.asked('patch')).toBe(1);
  });

  it('goes on growing when the turn is run again', async () => {
    await using bench = await openStream();
    await bench.grow('It is what');
    await bench.grow('It is what it');
    await bench.restartLater();
    await bench.grow('It');
    expect(bench.seen()).toMatchObject([{ text: 'It', streaming: true }]);
    await bench.grow('It is');
    await bench.send({ ...bench.answer, previewLost: true });
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
  });

  it('and none at all: the answer is sent', async () => {
    await using bench = await openStream();
    await bench.send({ ...bench.answer, previewLost: true });
    await bench.send({ ...bench.answer, previewLost: true });
    expect(bench.seen()).toMatchObject([{ text: 'It is fine', streaming: false }]);
  });
});
