import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../../adapters/slack/choices.ts';
import { connectedSlack, inThread, outbound, soon } from './kit.ts';

const TEA = { choices: ['Yes', 'No, <!everyone> *thanks* :tea:'] };

describe('choices', () => {
  it('are buttons under the text, and nothing in them is markup', async () => {
    await using slack = await connectedSlack();
    const { platformId = '' } = await slack.adapter.send(outbound('Tea? @here', TEA), soon());
    expect(slack.fake.buttons('D0ALICE', platformId)).toEqual(TEA.choices);
    expect(slack.fake.seen('D0ALICE')).toEqual([{ text: 'Tea? @here', calls: [] }]);
  });

  it('are taken in the thread in which they were offered; then it shows what was taken', async () => {
    await using slack = await connectedSlack();
    const { ts } = slack.fake.say('<@U0BOT> tea?', { channel: 'C0GENERAL' });
    const chat = inThread('C0GENERAL', ts);
    const message = outbound('*Tea?*', { ...TEA, chat });
    const { platformId = '' } = await slack.adapter.send(message, soon());
    const letGo = slack.host.hold();
    const before = slack.host.offers;
    slack.fake.press('Yes', { channel: 'C0GENERAL', user: 'U0BOB' });
    await slack.host.until(() => slack.host.offers > before, 'the choice');
    await slack.adapter.send(outbound('meanwhile', { chat }), soon());
    expect(slack.fake.events.pressesAcked).toBe(0);
    expect(slack.fake.buttons('C0GENERAL', platformId)).toEqual(TEA.choices);
    letGo();
    await slack.fake.until(() => slack.fake.events.pressesAcked === 1, 'the ack');
    expect(slack.host.messages.at(-1)).toMatchObject({
      text: 'Yes',
      chat,
      sender: { id: 'U0BOB' },
      addressed: true,
      choice: { of: platformId },
    });
    await slack.fake.until(
      () => slack.fake.buttons('C0GENERAL', platformId).length === 0,
      'the end of the buttons',
    );
    expect(slack.fake.seen('C0GENERAL', ts)[0]).toEqual({ text: 'Tea?\n✓ Yes', calls: [] });
    expect(await slack.adapter.findSent?.(message, soon())).toEqual({ platformId });
  });

  it('keep their buttons when the choice could not be stored', async () => {
    await using slack = await connectedSlack();
    const { platformId = '' } = await slack.adapter.send(outbound('Tea?', TEA), soon());
    slack.host.rejectNext();
    slack.fake.press('Yes');
    await slack.host.until(() => slack.host.offers === 1, 'the choice');
    slack.fake.press('Yes');
    await slack.fake.until(() => slack.fake.events.pressesAcked === 1, 'the second');
    expect(slack.host.messages).toHaveLength(1);
    await slack.fake.until(
      () => slack.fake.buttons('D0ALICE', platformId).length === 0,
      'the end of the buttons',
    );
  });

  it("do not matter to Slack's limits, however long the text", async () => {
    await using slack = await connectedSlack();
    const bodies = slack.adapter.render(`${'```'}\n${'code of some length\n'.repeat(180)}${'```'}`);
    const labels = Array.from({ length: 25 }, (_, index) => `${index} `.padEnd(75, 'x'));
    for (const { text } of bodies) await slack.adapter.send(outbound(text, { choices: labels }), soon());
    expect(slack.fake.seen('D0ALICE').map(({ text }) => text.match(/code/g)?.length)).toEqual([180]);
  });
});

describe('a long text in sections', () => {
  it.each([
    ['words', 'word '.repeat(780)],
    ['lines', `${'a line of words\n'.repeat(240)}end`],
    ['one huge word', '😀'.repeat(1_950)],
    ['code', `before\n${'```'}\n${'x = 1;\n'.repeat(550)}${'```'}\nafter`],
  ])('of %s is cut where nobody minds', (_what, text) => {
    const pieces = blocksOf(text, ['Yes']).flatMap((block) =>
      block.type === 'section' ? [block.text.text] : [],
    );
    expect(pieces).toHaveLength(2);
    for (const piece of pieces) {
      expect(piece.length).toBeLessThanOrEqual(3_000);
      expect(piece.isWellFormed()).toBe(true);
      expect(piece.split('```').length % 2).toBe(1);
    }
    const bare = (mrkdwn: string) => mrkdwn.replaceAll('```', '').replace(/\s/g, '');
    expect(bare(pieces.join(''))).toBe(bare(text));
  });
});
