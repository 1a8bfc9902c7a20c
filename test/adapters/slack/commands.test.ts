import { expect, it } from 'vitest';
import { connectedSlack, outbound, soon } from './kit.ts';

it('a command over the socket is acknowledged once it is on disk, and comes once', async () => {
  await using slack = await connectedSlack();
  const letGo = slack.host.hold();
  const { offers } = slack.host;
  slack.fake.command('/openclaw link K7Q2');
  await slack.host.until(() => slack.host.offers > offers, 'the command');
  await slack.adapter.send(outbound('meanwhile'), soon());
  expect(slack.fake.events.commandsAcked).toBe(0);
  letGo();
  await slack.fake.until(() => slack.fake.events.commandsAcked === 1, 'the ack');
  expect(slack.host.messages).toMatchObject([
    { text: '/link K7Q2', chat: { id: 'D0ALICE' }, addressed: true },
  ]);
});

it('a command that could not be stored is not acknowledged, so that Slack tells who gave it', async () => {
  await using slack = await connectedSlack();
  slack.host.rejectNext();
  slack.fake.command('/openclaw status');
  await slack.host.until(() => slack.host.offers === 1, 'the command');
  slack.fake.command('/openclaw help');
  await slack.fake.until(() => slack.fake.events.commandsAcked === 1, 'the second');
  expect(slack.host.messages).toMatchObject([{ text: '/help' }]);
});

it('a command of another app or workspace is none for us', async () => {
  await using slack = await connectedSlack();
  slack.fake.events.command({ ...slack.fake.commandOf('/openclaw status'), api_app_id: 'A0OTHER' });
  slack.fake.events.command({ ...slack.fake.commandOf('/openclaw status'), team_id: 'T0OTHER' });
  slack.fake.command('/openclaw help');
  await slack.host.until(() => slack.host.messages.length === 1, 'ours');
  expect(slack.host.messages).toMatchObject([{ text: '/help' }]);
});

it('after a command, an answer that may have arrived is found', async () => {
  await using slack = await connectedSlack();
  slack.fake.command('/openclaw status', { channel: 'C0GENERAL' });
  await slack.host.until(() => slack.host.messages.length === 1, 'the command');
  const { chat, platformId = '' } = slack.host.messages[0] ?? {};
  const answer = outbound('All is well', { ...(chat && { chat }), replyTo: platformId });
  expect(await slack.adapter.findSent?.(answer, soon())).toBeUndefined();
  await slack.adapter.send(answer, soon());
  expect(await slack.adapter.findSent?.(answer, soon())).toBeDefined();
});

it('a command moves no watermark past what is still to come', async () => {
  await using slack = await connectedSlack();
  slack.fake.say('hello');
  await slack.host.until(() => slack.host.messages.length === 1, 'the message');
  slack.fake.command('/openclaw status');
  await slack.host.until(() => slack.host.messages.length === 2, 'the command');
  await slack.stop();
  slack.fake.mute = true;
  slack.fake.say('while you were away');
  slack.fake.mute = false;
  await slack.start();
  await slack.host.until(() => slack.host.messages.length === 3, 'what was missed');
  expect(slack.host.messages.at(-1)?.text).toBe('while you were away');
});
