import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setDefaultCACertificates } from 'node:tls';
import {
  type BinaryNode,
  Curve,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  hmacSign,
  proto,
} from '@whiskeysockets/baileys';
import { WebSocketServer } from 'ws';
import { CERTIFICATE, type MediaFields, MediaServer, type MediaType } from './whatsapp-media.ts';
import { bundleOf, iq, node, refs } from './whatsapp-nodes.ts';
import { NoiseConnection, ROOT } from './whatsapp-noise.ts';
import { type Bundle, phoneKey, WhatsappPerson } from './whatsapp-person.ts';
import { fileIn, mediaIn, type SeenFile, uploadedAnew, withFile } from './whatsapp-phone.ts';

export { WhatsappPerson } from './whatsapp-person.ts';

/** The environment of a program that is to trust this server, and so of every process that it starts. */
const TRUST = {
  NODE_OPTIONS: `--import=${new URL('./whatsapp-trust.ts', import.meta.url)}`,
  FAKE_WHATSAPP_ROOT: ROOT,
  FAKE_WHATSAPP_CERTIFICATE: CERTIFICATE,
};

/** What the fake does with the next message that the device sends. */
export type Fault = { readonly error: number } | 'accept and cut' | 'never answer';

export interface Seen {
  readonly id: string;
  readonly chat: string;
  readonly reader: string;
  readonly message: proto.IMessage;
  /** Its text, or the caption of its file. */
  readonly text: string;
  readonly file?: SeenFile;
}

/** How the server names a person: by phone number, by an address that hides it, or so that nobody can tell it. */
export type Naming = 'number' | 'hidden' | 'secret';

interface Said {
  readonly person: WhatsappPerson;
  readonly message: proto.IMessage;
  readonly group: string | undefined;
  readonly naming: Naming;
  /** In epoch seconds. */
  readonly at: number;
}

/**
 * WhatsApp's server on loopback, and the people behind it: Noise, linking by QR, login, end-to-end encrypted messages
 * and files both ways in direct chats and groups, reactions, receipts, acks, what waits while the device is offline.
 */
export class FakeWhatsapp {
  readonly me = { jid: '15550100:1@s.whatsapp.net', lid: '915550100:1@lid' };
  /** What a daemon needs in its environment to trust this server. */
  readonly env: Readonly<Record<string, string>> = TRUST;
  readonly media = new MediaServer();
  /** What people see on their phones, each id once per chat and reader. */
  readonly seen: Seen[] = [];
  /** Ids of messages that the device said it has. */
  readonly receipts = new Set<string>();
  /** Ids of messages that the device could not decrypt. */
  readonly retries: string[] = [];
  /** Ids of messages that a phone could not decrypt, each time; it asks for them again. */
  readonly unread: string[] = [];
  /** How often each message of the device came, by its id. */
  readonly arrivals = new Map<string, number>();
  readonly typing: { chat: string; state: string }[] = [];
  /** The device's reaction to each message, by the message's id. */
  readonly reactions = new Map<string, string>();
  /** Ids of messages whose file the device asked the phone for. */
  readonly filesAsked: string[] = [];
  /** Whether the phone still has the files of old messages. */
  phoneHasFiles = true;
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly #people = new Map<string, WhatsappPerson>();
  readonly #groups = new Map<string, readonly WhatsappPerson[]>();
  readonly #connections = new Set<NoiseConnection>();
  readonly #hidingGroups = new Set<string>();
  /** What has reached a phone: the same id once more is not shown again. */
  readonly #read = new Set<string>();
  readonly #said = new Map<string, Said>();
  /** What the device has not acknowledged yet. */
  readonly #waiting = new Map<string, BinaryNode>();
  /** Every message as it was sent to the device last. */
  readonly #posted = new Map<string, BinaryNode>();
  readonly #faults: Fault[] = [];
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #device: Bundle | undefined;
  #current: NoiseConnection | undefined;
  #revoked = false;
  #count = 0;
  #work: Promise<unknown> = Promise.resolve();

  async listen(): Promise<this> {
    Object.assign(process.env, TRUST);
    setDefaultCACertificates([CERTIFICATE]);
    await this.media.listen();
    this.#server.on('connection', (socket) => {
      let registering: Bundle | undefined;
      const connection: NoiseConnection = new NoiseConnection(
        socket,
        (payload) => {
          registering = bundleOf(payload.devicePairingData);
          this.#current = connection;
          if (registering) this.#device = registering;
          if (registering) connection.send(iq('set', 'pair', [node('pair-device', {}, refs())]));
          else this.#logIn(connection);
        },
        (received) => this.#queue(() => this.#handle(connection, received)),
      );
      this.#connections.add(connection);
      socket.on('close', () => this.#connections.delete(connection));
      socket.on('error', () => {});
    });
    if (this.#server.address() === null) await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/chat`;
  }

  get connections(): number {
    return this.#connections.size;
  }

  person(number: string, name: string): WhatsappPerson {
    const person = new WhatsappPerson(number, name);
    this.#people.set(person.jid, person).set(person.lid, person);
    return person;
  }

  group(id: string, ...members: WhatsappPerson[]): string {
    this.#groups.set(id, members);
    return id;
  }

  /** A group whose members are named by addresses that hide their numbers. */
  hidingGroup(id: string, ...members: WhatsappPerson[]): string {
    this.#hidingGroups.add(id);
    return this.group(id, ...members);
  }

  /** The server ends the connection, and says why: 408 when nobody used any of the codes, 440 when another took over. */
  end(code: number): void {
    this.#current?.send(node('stream:error', { code: String(code) }));
  }

  /** Somebody scans the QR code with the phone. */
  scan(qr: string): void {
    this.#queue(async () => {
      const [, , , secret = ''] = qr.slice(qr.indexOf('#') + 1).split(',');
      const details = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex: 1 }).finish();
      const vouched = Buffer.concat([
        Buffer.from([6, 0]),
        details,
        this.#device?.identity ?? Buffer.alloc(0),
      ]);
      const signed = proto.ADVSignedDeviceIdentity.encode({
        details,
        accountSignatureKey: phoneKey.public,
        accountSignature: Curve.sign(phoneKey.private, vouched),
      }).finish();
      const hmac = hmacSign(Buffer.from(signed), Buffer.from(secret, 'base64'));
      const identity = proto.ADVSignedDeviceIdentityHMAC.encode({ details: signed, hmac }).finish();
      this.#revoked = false;
      this.#current?.send(
        iq('set', 'paired', [
          node('pair-success', {}, [
            node('device-identity', {}, identity),
            node('device', this.me),
            node('platform', { name: 'android' }),
          ]),
        ]),
      );
    });
  }

  /** A person writes, here or in a group. Gives the message's id. */
  say(
    person: WhatsappPerson,
    message: proto.IMessage | string,
    group?: string,
    naming: Naming = group !== undefined && this.#hidingGroups.has(group) ? 'hidden' : 'number',
  ): string {
    this.#count += 1;
    const id = `3A${String(this.#count).padStart(18, '0')}`;
    const said = typeof message === 'string' ? { conversation: message } : message;
    this.#said.set(id, { person, message: said, group, naming, at: Math.floor(Date.now() / 1000) });
    this.#queue(() => this.#post(id));
    return id;
  }

  /** A message with a file, which the person's phone has uploaded. */
  file(
    type: MediaType,
    file: { name?: string; mime: string; content: Buffer },
    caption?: string,
  ): proto.IMessage {
    return withFile(this.media, type, file, caption);
  }

  failNext(fault: Fault): void {
    this.#faults.push(fault);
  }

  cut(): void {
    for (const connection of this.#connections) connection.cut();
  }

  /** The person unlinks the device on the phone. */
  revoke(): void {
    this.#revoked = true;
    this.cut();
  }

  /** A person's phone could not decrypt a message of the device, and asks for it again. */
  askAgain(person: WhatsappPerson, id: string): void {
    const registration = Buffer.alloc(4);
    registration.writeUInt32BE(person.registrationId);
    const retry = node('retry', { count: '1', id, t: '1700000000', v: '1' });
    this.#current?.send(
      node('receipt', { from: person.jid, id, type: 'retry', t: '1700000000' }, [
        retry,
        node('registration', {}, registration),
      ]),
    );
  }

  /** Everything that is not yet acknowledged comes once more. */
  redeliver(): void {
    for (const stanza of this.#waiting.values()) this.#current?.send(stanza);
  }

  /** The server has not heard that the device has this message, and sends it again as it was. */
  sayAgain(id: string): void {
    const stanza = this.#posted.get(id);
    if (stanza === undefined) throw new Error(`nobody said ${id}`);
    this.#waiting.set(id, stanza);
    this.#current?.send(stanza);
  }

  /** Resolves as soon as `reached` is true; rejects with `what` when it is not within `timeoutMs`. */
  async until(reached: () => boolean, what: string, timeoutMs = 20_000): Promise<void> {
    const deadline = AbortSignal.timeout(timeoutMs);
    while (!reached()) {
      try {
        await once(this.#changes, 'change', { signal: deadline });
      } catch {
        throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async stop(): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await Promise.all([closed, this.media.stop()]);
  }

  async #post(id: string): Promise<void> {
    const said = this.#said.get(id);
    if (!this.#device || !said) throw new Error('no device is linked yet');
    const { person, message, group, naming, at } = said;
    const sealed = await person.encrypt(this.me.jid, this.#device, message, group);
    const isHidden = naming !== 'number';
    const role = group ? 'participant' : 'sender';
    const who: Record<string, string> = {
      from: group ?? addressOf(said),
      ...(group && { participant: addressOf(said) }),
      ...(isHidden && { addressing_mode: 'lid' }),
      ...(naming === 'hidden' && { [`${role}_pn`]: person.jid }),
      ...(naming === 'number' && { [`${role}_lid`]: person.lid }),
    };
    const type = Object.keys(message).some((name) => /^(image|video|audio|document|sticker)M/.test(name))
      ? 'media'
      : 'text';
    const stanza = node('message', { ...who, id, t: String(at), type, notify: person.name }, sealed);
    this.#posted.set(id, stanza);
    this.#waiting.set(id, stanza);
    this.#current?.send(stanza);
  }

  #logIn(connection: NoiseConnection): void {
    if (this.#revoked || !this.#device) {
      connection.send(node('failure', { reason: '401' }));
      return;
    }
    connection.send(node('success', { t: '1700000000', lid: this.me.lid }));
    for (const stanza of this.#waiting.values())
      connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: '1' } });
    connection.send(node('ib', {}, [node('offline', { count: String(this.#waiting.size) })]));
  }

  #queue(work: () => Promise<unknown>): void {
    this.#work = this.#work.then(work).then(() => this.#changes.emit('change'));
  }

  async #handle(connection: NoiseConnection, received: BinaryNode): Promise<void> {
    const { tag, attrs } = received;
    if (tag === 'iq' && attrs.type === 'result') {
      if (getBinaryNodeChild(received, 'pair-device-sign'))
        connection.send(node('stream:error', { code: '515' }));
    } else if (tag === 'iq') connection.send({ ...iq('result', attrs.id ?? '', this.#answer(received)) });
    else if (tag === 'receipt') await this.#receipt(received);
    else if (tag === 'message') await this.#deliver(connection, received);
    else if (tag === 'chatstate' && Array.isArray(received.content))
      this.typing.push({ chat: attrs.to ?? '', state: received.content[0]?.tag ?? '' });
  }

  #answer(asked: BinaryNode): BinaryNode[] {
    const [first] = Array.isArray(asked.content) ? asked.content : [];
    if (first?.tag === 'count') return [node('count', { value: '500' })];
    if (first?.tag === 'digest') return [node('digest')];
    if (first?.tag === 'media_conn') {
      const { host, auth } = this.media;
      return [node('media_conn', { auth, ttl: '3600' }, [node('host', { hostname: host })])];
    }
    if (first?.tag === 'usync') {
      const users = getBinaryNodeChildren(getBinaryNodeChild(first, 'list'), 'user');
      return [
        node('usync', {}, [
          node(
            'list',
            {},
            users.map(({ attrs }) => this.#devicesOf(attrs.jid ?? '')),
          ),
        ]),
      ];
    }
    if (first?.tag === 'key') {
      const users = getBinaryNodeChildren(first, 'user').map(({ attrs }) =>
        node('user', { jid: attrs.jid ?? '' }, this.#personOf(attrs.jid ?? '')?.bundle()),
      );
      return [node('list', {}, users)];
    }
    if (asked.attrs.xmlns === 'w:g2') {
      const id = asked.attrs.to ?? '';
      const isHiding = this.#hidingGroups.has(id);
      const us = { jid: personOf(this.me.jid), lid: personOf(this.me.lid) };
      const members = [...(this.#groups.get(id) ?? []), us].map(({ jid, lid }) =>
        node('participant', isHiding ? { jid: lid, phone_number: jid } : { jid, lid }),
      );
      const mode = { addressing_mode: isHiding ? 'lid' : 'pn' };
      return [node('group', { id, subject: 'Friends', creation: '1', s_t: '1', ...mode }, members)];
    }
    return [];
  }

  #devicesOf(jid: string): BinaryNode {
    const person = this.#personOf(jid);
    const devices = person ? [node('device', { id: '0' })] : [];
    const list = node('devices', {}, [node('device-list', {}, devices)]);
    return node('user', { jid }, person ? [list, node('lid', { val: person.lid })] : [list]);
  }

  #personOf(jid: string): WhatsappPerson | undefined {
    return this.#people.get(personOf(jid));
  }

  async #receipt(receipt: BinaryNode): Promise<void> {
    const { id = '', type } = receipt.attrs;
    if (type === 'server-error') return this.#uploadAnew(id, receipt);
    if (type !== 'retry') {
      this.receipts.add(id);
      this.#waiting.delete(id);
    } else if (this.#waiting.has(id)) {
      this.retries.push(id);
      this.#said.get(id)?.person.forgetSession();
      await this.#post(id);
    }
  }

  /** The phone of our account is asked for a file that the media servers have forgotten. */
  #uploadAnew(id: string, receipt: BinaryNode): void {
    const rmr = getBinaryNodeChild(receipt, 'rmr');
    const said = this.#said.get(id);
    this.filesAsked.push(id);
    if (!rmr || !said || rmr.attrs.jid !== (said.group ?? addressOf(said)))
      throw new Error('the phone knows no such message');
    const media = mediaIn(said.message);
    const told = this.phoneHasFiles ? this.#encrypted(id, media) : node('error', { code: '2' });
    const about = { id, from: personOf(this.me.jid), type: 'mediaretry', t: '1700000000' };
    this.#current?.send(node('notification', about, [told, rmr]));
  }

  async #deliver(connection: NoiseConnection, stanza: BinaryNode): Promise<void> {
    const { id = '', to = '' } = stanza.attrs;
    this.arrivals.set(id, (this.arrivals.get(id) ?? 0) + 1);
    const fault = this.#faults.shift();
    if (fault === 'never answer') return;
    const ack = { class: 'message', id, from: to, t: '1700000000' };
    if (typeof fault === 'object')
      return connection.send(node('ack', { ...ack, error: String(fault.error) }));
    const group = to.endsWith('@g.us') ? to : undefined;
    const shared = getBinaryNodeChildren(stanza, 'enc');
    const own = getBinaryNodeChildren(getBinaryNodeChild(stanza, 'participants'), 'to');
    const readers = group ? (this.#groups.get(group) ?? []) : [this.#personOf(to)];
    const writer = group && this.#hidingGroups.has(group) ? this.me.lid : this.me.jid;
    for (const reader of readers) {
      if (!reader) continue;
      const mine = own.find(({ attrs }) => this.#personOf(attrs.jid ?? '') === reader);
      const sealed = [...(mine ? getBinaryNodeChildren(mine, 'enc') : []), ...shared];
      const message = await reader.decrypt(writer, group, sealed).catch(() => undefined);
      if (message === undefined) {
        this.unread.push(id);
        this.askAgain(reader, id);
        continue;
      }
      if (this.#read.has(`${reader.jid}/${id}`)) continue;
      this.#read.add(`${reader.jid}/${id}`);
      if (message.reactionMessage) this.#react(message.reactionMessage, group ?? reader.jid);
      else this.seen.push({ id, chat: group ?? reader.jid, reader: reader.jid, ...this.#shown(message) });
    }
    if (fault === 'accept and cut') connection.cut();
    else connection.send(node('ack', ack));
  }

  #shown(message: proto.IMessage) {
    const { conversation, extendedTextMessage, imageMessage, videoMessage, documentMessage } = message;
    const captions = [imageMessage, videoMessage, documentMessage].map((found) => found?.caption);
    const text = [conversation, extendedTextMessage?.text, ...captions].find(Boolean) ?? '';
    const file = fileIn(this.media, message);
    return { message, text, ...(file && { file }) };
  }

  /** A phone shows a reaction only if it is an emoji, and finds the message exactly as the reaction names it. */
  #react({ key, text }: proto.Message.IReactionMessage, chat: string): void {
    const id = key?.id ?? '';
    const said = this.#said.get(id);
    const isOurs = this.seen.some((seen) => seen.id === id && seen.chat === chat);
    const isFound = key?.fromMe
      ? isOurs
      : said !== undefined &&
        (said.group ?? said.person.jid) === chat &&
        (said.group === undefined || key?.participant === addressOf(said));
    const isEmoji =
      /^[\p{Extended_Pictographic}\p{Regional_Indicator}]/u.test(text ?? '') &&
      [...GRAPHEMES.segment(text ?? '')].length === 1;
    if (key?.remoteJid === chat && isFound && isEmoji) this.reactions.set(id, text ?? '');
  }

  #encrypted(id: string, media: MediaFields): BinaryNode {
    const path = this.media.putAgain(media.directPath ?? '');
    const { iv, sealed } = uploadedAnew(id, media, path);
    return node('encrypt', {}, [node('enc_p', {}, sealed), node('enc_iv', {}, iv)]);
  }
}

const GRAPHEMES = new Intl.Segmenter();

function addressOf({ person, naming }: Said): string {
  return naming === 'number' ? person.jid : person.lid;
}

function personOf(jid: string): string {
  return jid.replace(/:\d+@/, '@');
}
