import { expect, it } from 'vitest';
import { bench, heard, outbound, soon } from './harness.ts';

it('knows a person by one identity, whatever address WhatsApp uses', async () => {
  await using it = await bench();
  for (const naming of ['hidden', 'number', 'secret'] as const) {
    it.whatsapp.say(it.alice, naming, undefined, naming);
    await it.host.until(() => it.host.messages.at(-1)?.text === naming, naming);
    expect(heard(it.host)).toMatchObject({
      sender: { id: it.alice.jid },
      chat: { id: it.alice.jid, kind: 'direct' },
      addressed: true,
    });
  }
});

it('knows a person by the hiding address when WhatsApp tells no number, and can answer', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'Guess who', undefined, 'secret');
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const { sender, chat } = heard(it.host);
  expect([sender.id, chat.id]).toEqual([it.alice.lid, it.alice.lid]);
  await it.adapter.send(outbound('You', { chat }), soon());
  expect(it.whatsapp.seen).toMatchObject([{ reader: it.alice.jid, text: 'You' }]);
});

it('finds the number behind a hiding address once WhatsApp has told it', async () => {
  await using it = await bench();
  it.whatsapp.say(it.alice, 'Guess who', undefined, 'secret');
  await it.host.until(() => it.host.messages.length === 1, 'the message');
  const { sender } = heard(it.host);
  expect(await it.adapter.contactOf?.(sender.id, soon())).toEqual({});
  it.whatsapp.say(it.alice, 'It is me', undefined, 'hidden');
  await it.host.until(() => it.host.messages.length === 2, 'the second message');
  expect(await it.adapter.contactOf?.(sender.id, soon())).toEqual({ phone: '+15550102' });
});

it('answers and reacts in a group that hides numbers by the addresses of the group', async () => {
  await using it = await bench();
  const group = it.whatsapp.hidingGroup('120363000000000002@g.us', it.alice, it.bob);
  const id = it.whatsapp.say(it.alice, 'Who is it?', group);
  await it.host.until(() => it.host.messages.length === 1, 'the question');
  const { chat, platformId, sender } = heard(it.host);
  expect(sender.id).toBe(it.alice.jid);

  await it.adapter.send(outbound('Me', { chat, replyTo: platformId }), soon());
  expect(it.whatsapp.seen.map(({ reader, text }) => [reader, text])).toEqual([
    [it.alice.jid, 'Me'],
    [it.bob.jid, 'Me'],
  ]);
  const context = it.whatsapp.seen[0]?.message.extendedTextMessage?.contextInfo;
  expect(context).toMatchObject({ stanzaId: id, participant: it.alice.lid });
  await it.adapter.react?.(chat, platformId, '👍', soon());
  expect([...it.whatsapp.reactions]).toEqual([[id, '👍']]);
});

it('knows whom a person in such a group answers or reacts to', async () => {
  await using it = await bench();
  const group = it.whatsapp.hidingGroup('120363000000000002@g.us', it.alice, it.bob);
  const id = it.whatsapp.say(it.alice, 'Question', group);
  const contextInfo = {
    stanzaId: id,
    participant: it.alice.lid,
    quotedMessage: { conversation: 'Question' },
  };
  it.whatsapp.say(it.bob, { extendedTextMessage: { text: 'Answer', contextInfo } }, group);
  const key = { id, remoteJid: group, participant: it.alice.lid };
  it.whatsapp.say(it.bob, { reactionMessage: { key, text: '👍' } }, group);
  await it.host.until(() => it.host.messages.length === 3, 'all of them');
  const [question, answer, reaction] = it.host.messages;
  expect(answer?.replyTo).toEqual({
    platformId: question?.platformId,
    text: 'Question',
    sender: { id: it.alice.jid },
  });
  expect(reaction?.change).toEqual({ kind: 'reaction', of: question?.platformId });
});

it('knows itself by both of its addresses', async () => {
  await using it = await bench();
  const group = it.whatsapp.hidingGroup('120363000000000002@g.us', it.alice);
  for (const participant of ['15550100@s.whatsapp.net', '915550100:4@lid']) {
    const contextInfo = { stanzaId: '3EB0AA', participant, quotedMessage: { conversation: 'Hi' } };
    it.whatsapp.say(it.alice, { extendedTextMessage: { text: 'You said', contextInfo } }, group);
  }
  await it.host.until(() => it.host.messages.length === 2, 'both replies');
  const reply = { addressed: true, replyTo: { platformId: 'me/3EB0AA', text: 'Hi' } };
  expect(it.host.messages).toMatchObject([reply, reply]);
});
