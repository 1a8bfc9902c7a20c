import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext, vi } from 'vitest';
import {
  type Attachment,
  type ChannelAdapter,
  ChannelError,
  type ContactKind,
  type InboundMessage,
  LANGUAGES,
  type MenuCommand,
  type OutboundFile,
  type OutboundId,
  type OutboundMessage,
  platformMessageId,
  type RenderedText,
  type TurnId,
} from '../../src/contract/index.ts';
import { textsIn } from '../../src/texts/index.ts';
import { TestHost } from '../kit/adapter-host.ts';
import { fc } from '../kit/properties.ts';
import { openResources, settledTo } from './resources.ts';
import { anyText, deepFreeze, lengthIn, markdownWithWords, wordsOf } from './samples.ts';
import type { Abilities, SendFailure, Subject } from './subject.ts';

export type { Abilities, Platform, SendFailure, Subject } from './subject.ts';

/**
 * What every adapter must do, whatever its platform: the sentences of src/contract/channel-adapter.ts, as tests.
 * A check that a platform makes impossible is skipped by its title, with the reason, and so is shown in every run.
 */
export function conformance(
  name: string,
  setup: () => Promise<Subject>,
  skips: Partial<Record<Check, string>> = {},
): void {
  let subject: Subject;
  let adapter: ChannelAdapter;
  let host: TestHost;

  beforeEach(async () => {
    subject = await setup();
    adapter = await subject.create();
    host = new TestHost();
  });
  afterEach(async () => {
    host[Symbol.dispose]();
    await adapter.stop();
    await subject.dispose();
  });

  function check(title: Check, run: (context: TestContext) => Promise<void> | void): void {
    const reason = skips[title];
    if (reason === undefined) it(title, run);
    else it.skip(`${title}: ${reason}`);
  }

  /** The adapter as it is after the gateway was restarted. */
  async function restart(): Promise<void> {
    const next = host.restarted();
    await adapter.stop();
    host = next;
    adapter = await subject.create();
    await adapter.start(host);
  }

  let count = 0;
  function outbound(text = 'Hello'): OutboundMessage {
    count += 1;
    const turn = `0000000000${String(count).padStart(6, '0')}` as TurnId;
    const body = adapter.render(text)[0] ?? { text };
    return { id: `${turn}-1` as OutboundId, chat: subject.chat, body, turn, possiblyRepeated: false };
  }

  async function failureOf(sending: Promise<unknown>): Promise<ChannelError> {
    const error = await sending.then(
      () => expect.fail('it was sent'),
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(ChannelError);
    return error as ChannelError;
  }

  /** An ability of the fake that a check needs. */
  function farSide<Name extends keyof Abilities>(name: Name): NonNullable<Abilities[Name]> {
    const ability = subject.platform[name];
    if (ability === undefined) throw new Error(`the subject's platform lacks ${name}`);
    return ability.bind(subject.platform) as NonNullable<Abilities[Name]>;
  }

  function visible(rendered: RenderedText): string {
    return subject.visible?.(rendered) ?? rendered.text;
  }

  describe(`${name}: life`, () => {
    check('has the methods that its capabilities declare', () => {
      const { typing, streaming, dedupe } = adapter.capabilities;
      const { reactions = false, downloads = false, menu = false, contacts = [] } = adapter.capabilities;
      expect({
        startTyping: adapter.startTyping !== undefined,
        stream: adapter.stream !== undefined,
        findSent: adapter.findSent !== undefined,
        react: adapter.react !== undefined,
        download: adapter.download !== undefined,
        setMenu: adapter.setMenu !== undefined,
        contactOf: adapter.contactOf !== undefined,
      }).toEqual({
        startTyping: typing,
        stream: streaming !== undefined,
        findSent: dedupe === 'readback',
        react: reactions,
        download: downloads,
        setMenu: menu,
        contactOf: contacts.length > 0,
      });
    });

    check('declares limits that make sense', () => {
      const { textLimit, rateLimits } = adapter.capabilities;
      expect(textLimit).toBeGreaterThan(0);
      for (const limit of Object.values(rateLimits)) {
        expect(limit.burst).toBeGreaterThanOrEqual(1);
        expect(limit.perSecond).toBeGreaterThan(0);
      }
    });

    check('starts, stops, and does both again', async () => {
      await adapter.stop();
      for (const text of ['first', 'second']) {
        await adapter.start(host);
        subject.platform.say(text);
        await host.until(() => host.messages.at(-1)?.text === text, `"${text}" to arrive`);
        await subject.platform.until(() => subject.platform.acked() === host.messages.length, 'the ack');
        const next = host.restarted();
        await adapter.stop();
        await adapter.stop();
        host = next;
      }
    });

    check('stops while it starts', async () => {
      const started = adapter.start(host).catch((error: unknown) => error);
      const next = host.restarted();
      await adapter.stop();
      expect([undefined, expect.any(ChannelError)]).toContainEqual(await started);
      host = next;
      await adapter.start(host);
      subject.platform.say('still here');
      await host.until(() => host.messages.length === 1, 'a message after a start that was broken off');
    });

    check('leaves no connection and no timer behind', async () => {
      const before = openResources();
      await adapter.start(host);
      subject.platform.say('hello');
      await host.until(() => host.messages.length === 1, 'the message');
      await adapter.send(outbound(), PATIENT);
      host.stop();
      await adapter.stop();
      await subject.platform.until(
        () => subject.platform.connections() === 0,
        'all connections to be closed',
      );
      await settledTo(before);
    });

    check('reports a lost connection, and comes back by stop and start', async () => {
      await adapter.start(host);
      subject.platform.cut();
      await host.until(() => host.states.length > 0, 'the lost connection to be reported');
      const [change] = host.states;
      expect(['disconnected', 'reconnecting']).toContain(change?.state);
      if (change?.state === 'disconnected') expect(change.error).toBeInstanceOf(ChannelError);
      await restart();
      subject.platform.say('back?');
      await host.until(() => host.messages.length === 1, 'a message on the new connection');
    });
  });

  describe(`${name}: in`, () => {
    check('hands on what a person says', async () => {
      await adapter.start(host);
      subject.platform.say('Good morning');
      await host.until(() => host.messages.length === 1, 'the message');
      expect(host.messages[0]).toMatchObject({
        text: 'Good morning',
        addressed: true,
        chat: { id: subject.chat.id, kind: 'direct' },
      });
    });

    check('does not ack before the message is on disk', async () => {
      await adapter.start(host);
      const letGo = host.hold();
      subject.platform.say('keep me');
      await host.until(() => host.offers === 1, 'the message to be offered');
      // A send there and back gives a premature ack the time to arrive.
      await adapter.send(outbound(), PATIENT);
      expect(subject.platform.acked()).toBe(0);
      letGo();
      await subject.platform.until(() => subject.platform.acked() === 1, 'the ack');
    });

    check('offers again what could not be stored', async () => {
      await adapter.start(host);
      host.rejectNext();
      subject.platform.say('keep me');
      await host.until(() => host.messages.length === 1, 'the message to be offered again');
      expect(host.offers).toBeGreaterThanOrEqual(2);
      await subject.platform.until(() => subject.platform.acked() === 1, 'the ack');
    });

    check('gets again after a restart what was not stored before it', async () => {
      await adapter.start(host);
      host.hold();
      subject.platform.say('keep me');
      await host.until(() => host.offers === 1, 'the message to be offered');
      await restart();
      await host.until(() => host.messages.length === 1, 'the message to come again');
      expect(host.messages[0]?.text).toBe('keep me');
      await subject.platform.until(() => subject.platform.acked() === 1, 'the ack');
    });

    check('gives a redelivered message the same dedupe key', async () => {
      await adapter.start(host);
      host.rejectNext();
      subject.platform.say('twice');
      subject.platform.say('other');
      await subject.platform.until(() => subject.platform.acked() === 2, 'both acks');
      expect(host.messages.map(({ text }) => text).toSorted()).toEqual(['other', 'twice']);
    });

    check('normalizes without looking at anything but the event', () => {
      const keys = subject.events.messages.map((event) => {
        deepFreeze(event);
        const message = adapter.normalize(event);
        expect(message).toBeDefined();
        vi.useFakeTimers({ toFake: ['Date'], now: 1 });
        expect(adapter.normalize(structuredClone(event))).toEqual(message);
        vi.useRealTimers();
        expect(JSON.parse(JSON.stringify(message))).toEqual(message);
        return message?.dedupeKey;
      });
      expect(new Set(keys).size).toBe(keys.length);
    });

    check('takes nothing else for a message', () => {
      for (const event of subject.events.others) expect(adapter.normalize(deepFreeze(event))).toBeUndefined();
    });

    check('tells in which chat a thread is', (context) => {
      const { thread } = subject.events;
      if (thread === undefined) return context.skip('it has no threads');
      const { id, parent } = adapter.normalize(thread.event)?.chat ?? expect.fail('no message');
      expect(parent).toBe(thread.in);
      expect(id).not.toBe(parent);
    });

    check('says of what is passed on that it is', async () => {
      await adapter.start(host);
      farSide('forward')('/status of somebody else');
      subject.platform.say('/status');
      await host.until(() => host.messages.length === 2, 'both messages');
      const [passedOn, own] = host.messages;
      expect(passedOn?.forwarded).toBe(true);
      expect(own?.text).toBe('/status');
      expect(own).not.toHaveProperty('forwarded');
    });

    check('keeps what is answered out of the answer', async () => {
      await adapter.start(host);
      farSide('answer')('/quoted words', 'My own');
      await host.until(() => host.messages.some(({ text }) => text === 'My own'), 'the answer');
      const message = host.messages.find(({ text }) => text === 'My own');
      expect(message).not.toHaveProperty('forwarded');
      expect(message?.replyTo).toBeDefined();
    });

    check('keeps the name of a file out of the text', async (context) => {
      if (adapter.download === undefined) return context.skip('it fetches nothing');
      await adapter.start(host);
      farSide('sayWithFile')('', { name: '/status.png', mime: 'image/png', content: PICTURE });
      await host.until(() => host.messages.length === 1, 'the file');
      expect(host.messages[0]).toMatchObject({ text: '', attachments: [{ kind: expect.any(String) }] });
    });

    check('makes messages of nothing but whole ones', () => {
      fc.assert(
        fc.property(fc.jsonValue(), (event) => {
          const message = normalizedOrThrown(adapter, event);
          if (message !== undefined) expect(message).toMatchObject(WHOLE_MESSAGE);
        }),
      );
    });
  });

  describe(`${name}: out`, () => {
    check('renders within the limit, every word once and in order', () => {
      const { textLimit, textUnit } = adapter.capabilities;
      fc.assert(
        fc.property(markdownWithWords(textLimit), ({ markdown, words }) => {
          const shown = adapter.render(markdown).map(visible);
          for (const text of shown) expect(lengthIn(textUnit, text)).toBeLessThanOrEqual(textLimit);
          expect(wordsOf(shown)).toEqual(words);
        }),
        { numRuns: 50 },
      );
    });

    check('renders any text, and always the same way', () => {
      const { textLimit, textUnit } = adapter.capabilities;
      fc.assert(
        fc.property(anyText(textLimit), (markdown) => {
          const rendered = adapter.render(markdown);
          expect(adapter.render(markdown)).toEqual(rendered);
          for (const text of rendered) {
            expect(lengthIn(textUnit, visible(text))).toBeLessThanOrEqual(textLimit);
            expect(text.text.isWellFormed() || !markdown.isWellFormed()).toBe(true);
          }
        }),
        { numRuns: 50 },
      );
    });

    check('sends', async () => {
      await adapter.start(host);
      await adapter.send(outbound('Good morning'), PATIENT);
      expect(subject.platform.sent()).toEqual(['Good morning']);
    });

    check('sends one id once, where it says that the platform sees to it', async (context) => {
      const { dedupe } = adapter.capabilities;
      if (dedupe !== 'native') return context.skip(`its dedupe is ${dedupe}`);
      await adapter.start(host);
      const message = outbound('once');
      await adapter.send(message, PATIENT);
      await adapter.send(message, PATIENT);
      expect(subject.platform.sent()).toEqual(['once']);
    });

    check('marks what may be there already, in the language of its chat', async (context) => {
      const { dedupe, dedupeForMs } = adapter.capabilities;
      if (dedupe === 'native' && dedupeForMs === undefined) return context.skip('its dedupe is native');
      await adapter.start(host);
      for (const language of LANGUAGES) {
        host.language = language;
        await adapter.send({ ...outbound('Once more'), possiblyRepeated: true }, PATIENT);
        const sent = subject.platform.sent().at(-1);
        expect(sent).toContain('↻');
        expect(sent).toContain(textsIn(language).chat.sentAgain);
        expect(sent).toMatch(/Once more$/);
      }
    });

    check('finds what was sent, where it says that it can look', async (context) => {
      if (adapter.findSent === undefined) return context.skip(`its dedupe is ${adapter.capabilities.dedupe}`);
      await adapter.start(host);
      const message = outbound();
      expect(await adapter.findSent(message, PATIENT)).toBeUndefined();
      await adapter.send(message, PATIENT);
      expect(await adapter.findSent(message, PATIENT)).toBeDefined();
    });

    for (const kind of ['auth', 'rate_limited', 'rejected', 'unavailable'] as const) {
      check(`tells a failure by its kind: ${kind}`, async () => {
        await adapter.start(host);
        const error = await failSend(kind);
        expect(error.kind).toBe(kind);
        expect(subject.platform.sent()).toEqual([]);
        if (kind !== 'unavailable') expect(error.certain).toBe(true);
        if (kind === 'rate_limited') expect(error.retryAfterMs).toBeGreaterThan(0);
      });
    }

    check('knows that it does not know when the receipt is lost', async () => {
      await adapter.start(host);
      const error = await failSend('lost receipt');
      expect(error).toMatchObject({ kind: 'network', certain: false });
      expect(subject.platform.sent()).toHaveLength(1);
    });

    check('tries once, and leaves it to the gateway to try again', async () => {
      await adapter.start(host);
      await failSend('unavailable');
      await adapter.send(outbound('next'), PATIENT);
      expect(subject.platform.sent()).toEqual(['next']);
    });

    check('waits no longer than the gateway does', async () => {
      await adapter.start(host);
      const giveUp = new AbortController();
      subject.platform.failNextSend('silence');
      const sending = failureOf(adapter.send(outbound(), giveUp.signal));
      giveUp.abort();
      await sending;
    });

    check('refuses to send while it is stopped', async () => {
      await failureOf(adapter.send(outbound(), PATIENT));
      await adapter.start(host);
      await adapter.stop();
      await failureOf(adapter.send(outbound(), PATIENT));
      expect(subject.platform.sent()).toEqual([]);
    });

    check('never fails to show that the agent is at work', async () => {
      const work = new AbortController();
      const show = () => {
        const { id, turn, chat } = outbound();
        adapter.startTyping?.(chat.id, turn, work.signal, platformMessageId('1'));
        // That it rejects is its way to tell.
        adapter.stream?.({ chat, turn, first: id, text: 'so far' }, work.signal).catch(() => {});
      };
      show();
      await adapter.start(host);
      show();
      subject.platform.cut();
      show();
      work.abort();
      await adapter.stop();
      show();
    });

    check('sends a file, byte for byte', async (context) => {
      const { files } = adapter.capabilities;
      if (files === undefined) return context.skip('it sends no files');
      await adapter.start(host);
      const file = savedPicture('cat.png');
      const { body } = outbound(files.captionLimit === 0 ? '' : 'A cat');
      await adapter.send({ ...outbound(), body, files: [file] }, PATIENT);
      expect(farSide('files')().map(({ content }) => content)).toEqual([PICTURE]);
      if (files.captionLimit > 0) expect(subject.platform.sent().join()).toContain('A cat');
    });

    check('sends several pictures as one album', async (context) => {
      const { files } = adapter.capabilities;
      if (files === undefined || files.perMessage === 1) return context.skip('it has no albums');
      await adapter.start(host);
      const album = [savedPicture('one.png'), savedPicture('two.png')] as const;
      await adapter.send({ ...outbound(), body: { text: '' }, files: album }, PATIENT);
      expect(farSide('files')()).toHaveLength(2);
    });

    check('fetches what it describes', async (context) => {
      if (adapter.download === undefined) return context.skip('it fetches nothing');
      await adapter.start(host);
      farSide('sayWithFile')('Look!', { name: 'cat.png', mime: 'image/png', content: PICTURE });
      await host.until(() => host.messages.length === 1, 'the message');
      const attachment = host.messages[0]?.attachments?.[0];
      expect(attachment?.ref, 'something to fetch it by').toBeDefined();
      const pieces = await adapter.download(attachment as Attachment, PATIENT);
      expect(Buffer.concat(await Array.fromAsync(pieces))).toEqual(PICTURE);
    });

    check('offers choices, and hands on the one that is taken', async (context) => {
      if (adapter.capabilities.choices === undefined) return context.skip('it has no buttons');
      await adapter.start(host);
      const { platformId } = await adapter.send({ ...outbound('Tea?'), choices: ['Yes', 'No'] }, PATIENT);
      farSide('choose')('No');
      await host.until(() => host.messages.length === 1, 'the choice');
      expect(host.messages[0]).toMatchObject({
        text: 'No',
        addressed: true,
        chat: { id: subject.chat.id },
        choice: platformId === undefined ? {} : { of: platformId },
      });
    });

    check('reacts, once however often', async (context) => {
      if (adapter.react === undefined) return context.skip('it does not react');
      await adapter.start(host);
      subject.platform.say('Good news');
      await host.until(() => host.messages.length === 1, 'the message');
      const { platformId, chat } = host.messages[0] as InboundMessage;
      await adapter.react(chat, platformId, '👍', PATIENT);
      await adapter.react(chat, platformId, '👍', PATIENT);
      expect(farSide('reactions')()).toEqual(['👍']);
    });

    check('fills the menu, in every language', async (context) => {
      if (adapter.setMenu === undefined) return context.skip('it has no menu');
      await adapter.start(host);
      await adapter.setMenu(MENU, PATIENT);
      for (const language of LANGUAGES)
        expect(farSide('menu')(language)).toEqual(MENU.map(({ description }) => description[language]));
    });

    check('fills the menu only when it has changed', async (context) => {
      if (adapter.setMenu === undefined) return context.skip('it has no menu');
      await adapter.start(host);
      await adapter.setMenu(MENU, PATIENT);
      const filled = farSide('menusFilled')();
      await restart();
      await adapter.setMenu(MENU, PATIENT);
      expect(farSide('menusFilled')()).toBe(filled);
      await adapter.setMenu(MENU.slice(1), PATIENT);
      expect(farSide('menu')('en')).toEqual(MENU.slice(1).map(({ description }) => description.en));
    });

    check('hands on what is chosen from the menu, as if it were typed', async (context) => {
      if (adapter.setMenu === undefined) return context.skip('it has no menu');
      await adapter.start(host);
      await adapter.setMenu(MENU, PATIENT);
      for (const { name, description, words } of MENU) {
        farSide('pick')(description.en, words === undefined ? '' : 'telegram now');
        const text = words === undefined ? `/${name}` : `/${name} telegram now`;
        await host.until(() => host.messages.at(-1)?.text === text, text);
        const message = host.messages.at(-1);
        expect(message).toMatchObject({ addressed: true, chat: { id: subject.chat.id, kind: 'direct' } });
        for (const key of ['forwarded', 'attachments', 'change', 'choice'])
          expect(message).not.toHaveProperty(key);
      }
    });

    check('tells by what the platform knows a person', async (context) => {
      const { contacts, sender } = await firstWords(context);
      const contact = await adapter.contactOf?.(sender, PATIENT);
      expect(contact).toEqual(farSide('contact')());
      expect(Object.keys(contact ?? {})).toSatisfy((kinds: ContactKind[]) =>
        kinds.every((kind) => contacts.includes(kind)),
      );
      expect(contact?.phone ?? '+15550100').toMatch(/^\+[1-9]\d{6,14}$/);
      expect(contact?.email).toBe(contact?.email?.toLowerCase());
    });

    check('tells nothing of a person that the platform does not vouch for', async (context) => {
      if (adapter.contactOf !== undefined) farSide('vouchForNothing')();
      const { sender } = await firstWords(context);
      expect(await adapter.contactOf?.(sender, PATIENT)).toEqual({});
    });

    check('is asked for contacts in vain while it is stopped', async (context) => {
      const { sender } = await firstWords(context);
      await adapter.stop();
      await failureOf((async () => adapter.contactOf?.(sender, PATIENT))());
    });

    /** Of somebody who writes. */
    async function firstWords(context: TestContext) {
      const { contacts } = adapter.capabilities;
      if (contacts === undefined) return context.skip('it knows nobody beyond the platform');
      await adapter.start(host);
      subject.platform.say('Hello');
      await host.until(() => host.messages.length === 1, 'the message');
      return { contacts, sender: (host.messages[0] as InboundMessage).sender.id };
    }

    check('shows an answer while it grows, and then the answer in its place', async (context) => {
      if (adapter.stream === undefined) return context.skip('it shows no growing answers');
      await adapter.start(host);
      const answer = outbound('It is a fine day');
      const { chat, turn, id } = answer;
      await adapter.stream({ chat, turn, first: id, text: 'It is' }, PATIENT);
      expect(farSide('preview')()).toContain('It is');
      await adapter.stream({ chat, turn, first: id, text: 'It is a fine' }, PATIENT);
      expect(farSide('preview')()).toContain('It is a fine');
      await adapter.send(answer, PATIENT);
      expect(subject.platform.sent()).toEqual(['It is a fine day']);
    });

    function savedPicture(name: string): OutboundFile {
      const path = join(host.dataDir(), name);
      writeFileSync(path, PICTURE);
      return { kind: 'image', path, name, mime: 'image/png', bytes: PICTURE.length };
    }

    async function failSend(failure: SendFailure): Promise<ChannelError> {
      subject.platform.failNextSend(failure);
      return failureOf(adapter.send(outbound(), PATIENT));
    }
  });
}

/** The smallest PNG: one transparent pixel. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

/** Commands with all that the names, descriptions and words of ours can have. */
const MENU: readonly MenuCommand[] = [
  { name: 'status', description: { en: 'How the channels are', zh: '各渠道的状态' } },
  {
    name: 'restart-channel',
    description: { en: 'Connects a channel anew', zh: '重新连接一个渠道' },
    words: 'channel',
  },
  {
    name: 'link',
    description: { en: 'Makes one conversation of two'.padEnd(100, '!'), zh: '把两个对话合成一个' },
    words: 'code',
  },
];

/** Of a gateway that waits longer than any test. */
const PATIENT = new AbortController().signal;

const WHOLE_MESSAGE = {
  dedupeKey: expect.any(String),
  chat: { id: expect.any(String), kind: expect.stringMatching(/^(direct|group)$/) },
  sender: { id: expect.any(String) },
  platformId: expect.any(String),
  sentAt: expect.any(Number),
  text: expect.any(String),
  addressed: expect.any(Boolean),
};

function normalizedOrThrown(adapter: ChannelAdapter, event: unknown): InboundMessage | undefined {
  try {
    return adapter.normalize(event);
  } catch {
    return undefined;
  }
}

export type Check =
  | 'has the methods that its capabilities declare'
  | 'declares limits that make sense'
  | 'starts, stops, and does both again'
  | 'stops while it starts'
  | 'leaves no connection and no timer behind'
  | 'reports a lost connection, and comes back by stop and start'
  | 'hands on what a person says'
  | 'does not ack before the message is on disk'
  | 'offers again what could not be stored'
  | 'gets again after a restart what was not stored before it'
  | 'gives a redelivered message the same dedupe key'
  | 'normalizes without looking at anything but the event'
  | 'takes nothing else for a message'
  | 'tells in which chat a thread is'
  | 'says of what is passed on that it is'
  | 'keeps what is answered out of the answer'
  | 'keeps the name of a file out of the text'
  | 'makes messages of nothing but whole ones'
  | 'renders within the limit, every word once and in order'
  | 'renders any text, and always the same way'
  | 'sends'
  | 'sends one id once, where it says that the platform sees to it'
  | 'marks what may be there already, in the language of its chat'
  | 'finds what was sent, where it says that it can look'
  | `tells a failure by its kind: ${'auth' | 'rate_limited' | 'rejected' | 'unavailable'}`
  | 'knows that it does not know when the receipt is lost'
  | 'tries once, and leaves it to the gateway to try again'
  | 'waits no longer than the gateway does'
  | 'refuses to send while it is stopped'
  | 'never fails to show that the agent is at work'
  | 'sends a file, byte for byte'
  | 'sends several pictures as one album'
  | 'fetches what it describes'
  | 'offers choices, and hands on the one that is taken'
  | 'reacts, once however often'
  | 'fills the menu, in every language'
  | 'fills the menu only when it has changed'
  | 'hands on what is chosen from the menu, as if it were typed'
  | 'tells by what the platform knows a person'
  | 'tells nothing of a person that the platform does not vouch for'
  | 'is asked for contacts in vain while it is stopped'
  | 'shows an answer while it grows, and then the answer in its place';
