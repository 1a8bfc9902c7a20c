import { expect, test } from 'vitest';
import {
  AgentError,
  type AgentEvent,
  type ChannelCapabilities,
  channelId,
  chatId,
  type InboundMessage,
  type Language,
  senderId,
  type Turn,
} from '../../src/contract/index.ts';
import { textsIn } from '../../src/texts/index.ts';
import { emptyFolder } from '../kit/folder.ts';
import { agentOf, ScriptedChannel, TestGateway } from './harness.ts';

const [en, zh] = [textsIn('en').chat, textsIn('zh').chat];

const broken = () =>
  agentOf(() => {
    throw new AgentError('no key', { temporary: false });
  });

const from = (id: string, language?: string): Partial<InboundMessage> => ({
  sender: { id: senderId(id), ...(language !== undefined && { language }) },
});

test('everybody is answered in the language of their app, and others in that of the config', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], broken(), { language: 'zh' }).start();
  await channel.say('ann', 'hi', from('ann', 'en-GB'));
  await channel.say('bob', 'hi', from('bob', 'zh-TW'));
  await channel.say('cid', 'hi', from('cid', 'pt-br'));
  await channel.say('dan', 'hi');
  await hub.until('outbound.sent', 4);
  const told = ['ann', 'bob', 'cid', 'dan'].map((chat) => channel.textsIn(chat)[0]);
  expect(told).toEqual([en.failed, zh.failed, zh.failed, zh.failed]);
  await hub.stop();
});

test('what somebody chose counts for more, on each of their channels', async () => {
  using folder = emptyFolder();
  const [a, b] = [new ScriptedChannel('a'), new ScriptedChannel('b')];
  const hub = await new TestGateway(folder.path, [a, b], broken()).start();
  for (const channel of [a, b]) await channel.say('ann', 'hi', from('ann', 'en'));
  await hub.until('outbound.sent', 2);
  const { people } = hub.gateway.operations;
  const [one, other] = [a, b].map(({ id }) => people.find(id, senderId('ann'))?.identity);
  if (one === undefined || other === undefined) return expect.fail('nobody was heard');
  await people.change(() => {
    people.link(one, other, 'cli');
    people.speak(one.user, 'zh');
  });
  for (const channel of [a, b]) await channel.say('ann', 'hi', from('ann', 'en'));
  await hub.until('outbound.sent', 4);
  expect([a, b].map((channel) => channel.textsIn('ann').at(-1))).toEqual([zh.failed, zh.failed]);
  expect(a.host?.languageIn(chatId('ann'))).toBe('zh');
  await hub.stop();
});

test('in a group each is told in their own language', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], broken()).start();
  const chat = { id: chatId('group'), kind: 'group' as const };
  await channel.say('group', 'hi', { ...from('ann', 'zh-hans'), chat });
  await hub.until('outbound.sent', 1);
  await channel.say('group', 'hi', { ...from('bob', 'en'), chat });
  await hub.until('outbound.sent', 2);
  expect(channel.textsIn('group')).toEqual([zh.failed, en.failed]);
  await hub.stop();
});

test('a platform that tells the language only now and then is remembered', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(folder.path, [channel], broken()).start();
  for (const language of [undefined, 'zh-CN', undefined])
    await channel.say('ann', 'hi', from('ann', language));
  await hub.until('outbound.sent', 3);
  expect(channel.textsIn('ann').slice(1)).toEqual([zh.failed, zh.failed]);
  await hub.stop();
});

test.each(['en', 'zh'] as const)('what is added to an answer is in its language (%s)', async (language) => {
  using folder = emptyFolder();
  const able: Partial<ChannelCapabilities> = { choices: { most: 3, labelLimit: 20 } };
  const channel = new ScriptedChannel('a', 'none', { capabilities: able });
  const languages: Language[] = [];
  const agent = agentOf(async function* (turn: Turn): AsyncIterable<AgentEvent> {
    languages.push(turn.language);
    yield { type: 'artifact', file: { name: 'a.txt', content: Buffer.from('some') } };
    yield { type: 'choices', labels: ['1', '2'] };
    yield { type: 'done' };
  });
  const hub = await new TestGateway(folder.path, [channel], agent).start();
  await channel.say('ann', 'hi', from('ann', language));
  await hub.until('outbound.sent');
  const texts = textsIn(language).chat;
  expect(channel.textsIn('ann')).toEqual([texts.filesNotTaken('a.txt', '0.0')]);
  expect(languages).toEqual([language]);
  await hub.stop();
});

test('the owner is told in the language in which they wrote last, also after a restart', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const owner = [{ channel: channelId('a'), chat: chatId('owner') }];
  const pace = { owner, ownerNotices: { gatherMs: 1, quietMs: 0 } };
  const first = await new TestGateway(
    folder.path,
    [channel],
    agentOf(() => 'yes'),
    pace,
  ).start();
  await channel.say('owner', 'hi', from('owner', 'zh-hans'));
  await first.until('outbound.sent');
  await first.stop();
  const second = await new TestGateway(folder.path, [channel], broken(), pace).start();
  await channel.say('ann', 'hi', { ...from('ann', 'en'), dedupeKey: 'later' });
  await second.until('outbound.sent', 2);
  const { heading, failed } = textsIn('zh').owner;
  expect(channel.textsIn('owner').at(-1)).toBe(`${heading}\n\n- ${failed(1, 'default', 'no key')}`);
  expect(channel.textsIn('ann')).toEqual([en.failed]);
  await second.stop();
});

test('an adapter is told what to speak with somebody, and in a chat', async () => {
  using folder = emptyFolder();
  const channel = new ScriptedChannel('a');
  const hub = await new TestGateway(
    folder.path,
    [channel],
    agentOf(() => 'yes'),
    { language: 'en' },
  ).start();
  const { host } = channel;
  expect(host?.languageIn(chatId('ann')), 'nobody has written there').toBe('en');
  expect(host?.languageOf({ id: senderId('ann'), language: 'zh' })).toBe('zh');
  expect(host?.languageOf({ id: senderId('ann') })).toBe('en');
  await channel.say('ann', 'hi', from('ann', 'zh'));
  expect(host?.languageIn(chatId('ann'))).toBe('zh');
  expect(host?.languageOf({ id: senderId('ann') })).toBe('zh');
  await hub.stop();
});
