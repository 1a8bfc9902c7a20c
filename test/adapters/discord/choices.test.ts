import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Intent } from '../../platforms/discord-gateway.ts';
import { aDiscord, outbound, soon } from './harness.ts';

const YES_OR_NO = ['Yes', 'No'] as const;

describe('buttons', () => {
  it('stand under the message, in rows of five', async () => {
    await using it = await aDiscord();
    await it.start();
    const choices = Array.from({ length: 24 }, (_, n) => `${n}`.padStart(80, '@everyone '));
    await it.adapter.send(outbound(it.channel, 'Which?', { choices: [...choices, 'None'] }), soon());
    const [{ buttons = [] } = {}] = it.platform.seen(it.channel);
    expect(buttons.map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(buttons.flat()).toEqual([...choices, 'None']);
    expect(it.platform.pinged).toEqual([]);
  });

  it('bring back what was pressed, and by whom; only that remains to be seen', async () => {
    await using it = await aDiscord();
    await it.start();
    const bob = it.platform.world.user('bob');
    const { platformId: of } = await it.adapter.send(
      outbound(it.channel, 'Tea?', { choices: YES_OR_NO }),
      soon(),
    );
    it.platform.press(bob, it.channel, 'No');
    await it.heard('No');
    expect(it.host.messages).toMatchObject([
      { text: 'No', sender: { id: bob.id }, chat: { id: it.channel.id, kind: 'group' }, choice: { of } },
    ]);
    const taken = () => it.platform.seen(it.channel)[0]?.buttons?.flat().join() === '[No]';
    await it.platform.until(taken, 'the other button to go');
    expect(it.platform.seen(it.channel)).toMatchObject([{ content: 'Tea?' }]);
  });

  it('are not answered before the choice is on disk', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.adapter.send(outbound(it.direct, 'Tea?', { choices: YES_OR_NO }), soon());
    const letGo = it.host.hold();
    const offers = it.host.offers;
    it.platform.press(it.alice, it.direct, 'Yes');
    await it.host.until(() => it.host.offers > offers, 'the offer');
    await setImmediate();
    expect(it.platform.requests.get('answerInteraction')).toBeUndefined();
    letGo();
    await it.platform.until(() => it.platform.requests.has('answerInteraction'), 'the answer to Discord');
    expect(it.texts()).toEqual(['Yes']);
  });

  it('go also when Discord no longer waits for an answer', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.adapter.send(outbound(it.direct, 'Tea?', { choices: YES_OR_NO }), soon());
    const letGo = it.host.hold();
    it.platform.press(it.alice, it.direct, 'Yes');
    it.platform.expireInteractions();
    letGo();
    const taken = () => it.platform.seen(it.direct)[0]?.buttons?.flat().join() === '[Yes]';
    await it.platform.until(taken, 'the other button to go');
  });

  it('are told again after a restart, once, when the choice was not stored', async () => {
    await using it = await aDiscord();
    await it.start();
    await it.adapter.send(outbound(it.direct, 'Tea?', { choices: YES_OR_NO }), soon());
    const letGo = it.host.hold();
    const offers = it.host.offers;
    it.platform.press(it.alice, it.direct, 'Yes');
    await it.host.until(() => it.host.offers > offers, 'the offer');
    await it.down();
    letGo();
    await it.start();
    await it.heard('Yes');
    it.gateway.redeliver(2);
    it.platform.say(it.alice, it.direct, 'please');
    await it.heard('Yes', 'please');
    expect(it.texts()).toEqual(['Yes', 'please']);
  });

  it('that cannot be read are kept for a person, without what would let them answer for us', async () => {
    await using it = await aDiscord();
    await it.start();
    const id = it.platform.world.snowflake();
    const pressed = { id, type: 3, token: 'fake-interaction-token', channel_id: it.direct.id };
    it.gateway.dispatch('INTERACTION_CREATE', Intent.none, () => pressed);
    await it.host.until(() => it.host.unreadable.length === 1, 'it to be kept');
    expect(it.host.unreadable).toMatchObject([{ payload: expect.stringContaining(id) }]);
    expect(JSON.stringify(it.host.unreadable)).not.toContain(pressed.token);
  });

  it('are silent where Discord tells somebody else of them, and the log says so', async () => {
    await using it = await aDiscord();
    it.platform.interactionsEndpointUrl = 'https://example.org/discord';
    await it.start();
    expect(it.logged).toEqual([expect.stringContaining('Interactions Endpoint URL')]);
  });
});
