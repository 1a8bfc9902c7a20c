import { describe, expect, it } from 'vitest';
import { chatId, type TurnId } from '../../../src/contract/index.ts';
import { bootHub, outbound } from './memory-hub.ts';
import { browser } from './tab-client.ts';

describe('what a person says', () => {
  it('is confirmed once it is stored, and shown in the other tabs', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using one = await open();
    using two = await open();
    const { visitor, lines, live } = await one.hello();
    await two.hello();
    expect([lines, live]).toEqual([[], null]);

    const id = one.message('hello');
    await one.next('ack', { id });
    expect(hub.stored).toEqual([
      {
        dedupeKey: `${visitor}/${id}`,
        chat: { id: visitor, kind: 'direct' },
        sender: { id: visitor },
        platformId: id,
        sentAt: expect.any(Number),
        text: 'hello',
        addressed: true,
      },
    ]);
    expect((await two.next('line')).line).toMatchObject({ id, from: 'person', text: 'hello' });
    one.say({ type: 'ping' });
    await one.next('pong');
    expect(one.heard).toEqual([]);
  });

  it('is not confirmed while it cannot be stored, and stored once however often it is offered', async () => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    hub.broken = true;
    const id = tab.message('important');
    expect((await tab.next('nack', { id })).retryAfterMs).toBeGreaterThan(0);
    expect(hub.stored).toEqual([]);

    hub.broken = false;
    tab.message('important', { id });
    await tab.next('ack', { id });
    tab.message('important', { id });
    await tab.next('ack', { id });
    expect(hub.offered).toHaveLength(3);
    expect(hub.stored).toHaveLength(1);
  });

  it('is refused for good when it is empty or too long, with a reason', async () => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    for (const text of [' \n', 'x'.repeat(32_001)]) {
      const id = tab.message(text);
      const { retryAfterMs, reason } = await tab.next('nack', { id });
      expect(retryAfterMs).toBeUndefined();
      expect(reason).toMatch(/^(empty|too_long)$/);
    }
    const id = tab.message('\u0001'.repeat(32_000));
    await tab.next('ack', { id });
    expect(hub.offered).toHaveLength(1);
  });

  it('stands apart from what another browser says under the same id', async () => {
    await using hub = await bootHub();
    using one = await (await browser(hub)).open();
    using two = await (await browser(hub)).open();
    const { visitor } = await one.hello();
    await two.hello();
    const id = one.message('mine');
    await one.next('ack', { id });
    two.message('theirs', { id });
    await two.next('ack', { id });
    expect(hub.stored.map(({ text }) => text)).toEqual(['mine', 'theirs']);
    expect(hub.linesOf(chatId(visitor)).map(({ text }) => text)).toEqual(['mine']);
    expect(two.heard).toEqual([]);
  });

  it.each([
    '{',
    '{}',
    '"x"',
    '{"type":"message","id":"../../x","text":"x"}',
    '{"type":"become","role":"admin"}',
  ])('is nothing when it is %s: the socket closes', async (frame) => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    tab.ws.send(frame);
    expect(await tab.closed()).toBe(1008);
    expect(hub.offered).toEqual([]);
  });

  it('may be Stop', async () => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    const { visitor } = await tab.hello();
    tab.say({ type: 'stop' });
    await hub.until(() => hub.stops[0]);
    expect(hub.stops).toEqual([visitor]);
  });
});

describe('what the agent says', () => {
  it('is delivered to every tab, and to nobody when there is none', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using one = await open();
    using two = await open();
    const { visitor } = await one.hello();
    await two.hello();
    await hub.answer(chatId(visitor), '**hi**');
    for (const tab of [one, two]) {
      expect((await tab.next('line')).line).toMatchObject({ from: 'agent', text: '**hi**', turn: 'turn1' });
    }
    const message = outbound(chatId('web-away'), 'turn2' as TurnId, 'hi');
    const receipt = await hub.adapter.send(message, AbortSignal.timeout(1000));
    expect(receipt).toEqual({ platformId: 'turn2-0' });
  });

  it('waits in the history, with the ids that the pages know', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using one = await open();
    const { visitor } = await one.hello();
    const id = one.message('hello');
    await one.next('ack');
    await hub.answer(chatId(visitor), 'hi');
    using later = await open();
    expect((await later.hello()).lines).toMatchObject([
      { id, from: 'person', text: 'hello' },
      { id: 'turn1-0', from: 'agent', text: 'hi', turn: 'turn1' },
    ]);
  });

  it('comes with no more history than a page can take', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using tab = await open();
    const { visitor } = await tab.hello();
    for (let n = 0; n < 12; n += 1) {
      hub.linesOf(chatId(visitor)).push({ from: 'agent', id: `${n}`, text: 'x'.repeat(150_000), at: n });
    }
    using later = await open();
    expect((await later.hello()).lines.map(({ id }) => id)).toEqual(['6', '7', '8', '9', '10', '11']);
  });

  it('grows in steps, which add up to the whole also for a tab that comes late', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using one = await open();
    const { visitor } = await one.hello();
    const turn = hub.begin(chatId(visitor));
    expect((await one.next('working')).turn).toBe(turn.turn);

    await turn.stream('It ');
    await turn.stream('It grows');
    using late = await open();
    let lateText = (await late.hello()).live?.text ?? '';
    await turn.stream('It grows slowly');
    let text = '';
    while (text !== 'It grows slowly') text = grown(text, await one.next('stream'));
    while (lateText !== text) lateText = grown(lateText, await late.next('stream'));
    turn.end();
    expect((await late.next('idle')).turn).toBe(turn.turn);
  });

  it('may begin anew in the same turn', async () => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    const { visitor } = await tab.hello();
    const turn = hub.begin(chatId(visitor));
    turn.stream('The first try 😀');
    await tab.next('stream');
    turn.stream('The second try 😁');
    expect(grown('The first try 😀', await tab.next('stream'))).toBe('The second try 😁');
  });

  it('takes the place of what was streamed, also when the turn goes on', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using tab = await open();
    const { visitor } = await tab.hello();
    const turn = hub.begin(chatId(visitor));
    turn.stream('a');
    turn.stream('ab');
    await hub.adapter.send(outbound(chatId(visitor), turn.turn, 'abc'), AbortSignal.timeout(1000));
    await tab.next('line');
    using late = await open();
    expect((await late.hello()).live).toEqual({ turn: turn.turn, text: '' });
    turn.end();
    await tab.next('idle');
    using latest = await open();
    expect((await latest.hello()).live).toBeNull();
  });
});

describe('choices', () => {
  it('stand under an answer, also after a reload, and the one that is taken is what the person says', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using tab = await open();
    using other = await open();
    const { visitor } = await tab.hello();
    await other.hello();
    await hub.answer(chatId(visitor), 'Tea?', { choices: ['Yes', 'No'] });
    const { line } = await tab.next('line');
    expect(line).toMatchObject({ text: 'Tea?', choices: ['Yes', 'No'] });
    using later = await open();
    expect((await later.hello()).lines).toMatchObject([{ choices: ['Yes', 'No'] }]);

    const id = tab.choose(line.id, 'No');
    await tab.next('ack', { id });
    expect(hub.stored).toMatchObject([{ text: 'No', addressed: true, choice: { of: line.id } }]);
    await other.next('line');
    expect((await other.next('line')).line).toMatchObject({ id, from: 'person', text: 'No' });
  });

  it('are offered again by the page until they are stored', async () => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    hub.broken = true;
    const id = tab.choose('turn1-0', 'No');
    expect((await tab.next('nack', { id })).retryAfterMs).toBeGreaterThan(0);
  });
});

describe('reactions', () => {
  it('are shown in every tab, also in those that come later', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using tab = await open();
    await tab.hello();
    const id = tab.message('Good news');
    await tab.next('ack', { id });
    const message = await hub.message('Good news');
    for (const emoji of ['👀', '❤']) await hub.react(message, emoji);
    expect(await tab.next('reaction')).toEqual({ type: 'reaction', line: id, emoji: '👀' });
    expect(await tab.next('reaction')).toEqual({ type: 'reaction', line: id, emoji: '❤️' });
    using later = await open();
    expect((await later.hello()).lines).toMatchObject([{ id, reaction: '❤️' }]);
  });

  it.each(['', 'thumbsup', '1', '👍👍', '<b>'])('are one emoji, and not %j', async (emoji) => {
    await using hub = await bootHub();
    using tab = await (await browser(hub)).open();
    tab.message('x');
    const reacting = hub.react(await hub.message('x'), emoji);
    await expect(reacting).rejects.toMatchObject({ name: 'ChannelError', kind: 'rejected', certain: true });
  });
});

describe('rendering', () => {
  it('leaves Markdown as it is, and cuts what is too long without losing anything', async () => {
    await using hub = await bootHub();
    const { render, capabilities } = hub.adapter;
    expect(render('**a** <b>')).toEqual([{ text: '**a** <b>' }]);
    expect(render(' \n')).toEqual([]);
    for (const long of ['line\n'.repeat(100_000), '😀'.repeat(200_001), `x${'😀'.repeat(200_000)}`]) {
      const texts = render(long).map(({ text }) => text);
      expect(texts.join('')).toBe(long);
      expect(texts.every((text) => text.length <= capabilities.textLimit && text.isWellFormed())).toBe(true);
    }
  });
});

describe('stopping', () => {
  it('closes every socket, and starts again', async () => {
    await using hub = await bootHub();
    const { open } = await browser(hub);
    using tab = await open();
    await tab.hello();
    const closed = tab.closed();
    await hub.adapter.stop();
    await hub.adapter.stop();
    expect(await closed).toBe(1012);
    await hub.start();
    using again = await open();
    await again.hello();
  });
});

describe('normalize', () => {
  it('knows what is not a message', async () => {
    await using hub = await bootHub();
    for (const raw of [undefined, null, 1, {}, { visitor: '', id: 'x', text: 'x', at: 1 }, []]) {
      expect(hub.adapter.normalize(raw)).toBeUndefined();
    }
  });
});

/** A growing answer after the next piece of news about it. */
function grown(text: string, { offset, text: more }: { offset: number; text: string }): string {
  return text.slice(0, offset) + more;
}
