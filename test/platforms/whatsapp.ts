import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import {
  type BinaryNode,
  Curve,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  hmacSign,
  proto,
} from '@whiskeysockets/baileys';
import { WebSocketServer } from 'ws';
import { NoiseConnection, ROOT } from './whatsapp-noise.ts';
import { type Bundle, phoneKey, WhatsappPerson } from './whatsapp-person.ts';

export { WhatsappPerson } from './whatsapp-person.ts';

/** Arguments for a Node that is to trust this server; `FAKE_WHATSAPP_ROOT` is then in its environment. */
export const TRUST = ['--import', fileURLToPath(new URL('./whatsapp-trust.ts', import.meta.url))];

const SERVER = 's.whatsapp.net';

/** What the fake does with the next message that the device sends. */
export type Fault = { readonly error: number } | 'accept and cut' | 'never answer';

export interface Seen {
  readonly id: string;
  readonly chat: string;
  readonly reader: string;
  readonly message: proto.IMessage;
  readonly text: string;
}

/**
 * WhatsApp's server on loopback, and the people behind it: Noise, linking by QR, login, end-to-end encrypted messages
 * both ways in direct chats and groups, receipts, acks, what waits while the device is offline.
 */
export class FakeWhatsapp {
  readonly me = { jid: '15550100:1@s.whatsapp.net', lid: '915550100:1@lid' };
  /** What people see on their phones, each id once per chat and reader. */
  readonly seen: Seen[] = [];
  /** Ids of messages that the device said it has. */
  readonly receipts = new Set<string>();
  /** Ids of messages that the device could not decrypt. */
  readonly retries: string[] = [];
  /** How often each message of the device came, by its id. */
  readonly arrivals = new Map<string, number>();
  readonly typing: { chat: string; state: string }[] = [];
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly #people = new Map<string, WhatsappPerson>();
  readonly #groups = new Map<string, readonly WhatsappPerson[]>();
  readonly #connections = new Set<NoiseConnection>();
  readonly #waiting = new Map<
    string,
    { person: WhatsappPerson; message: proto.IMessage; node: BinaryNode }
  >();
  readonly #faults: Fault[] = [];
  #device: Bundle | undefined;
  #current: NoiseConnection | undefined;
  #revoked = false;
  #count = 0;
  #work: Promise<unknown> = Promise.resolve();

  async listen(): Promise<this> {
    process.env.FAKE_WHATSAPP_ROOT = ROOT;
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
  say(person: WhatsappPerson, message: proto.IMessage | string, group?: string): string {
    this.#count += 1;
    const id = `3A${String(this.#count).padStart(18, '0')}`;
    const said = typeof message === 'string' ? { conversation: message } : message;
    this.#queue(() => this.#post(person, id, said, group));
    return id;
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
    for (const { node: stanza } of this.#waiting.values()) this.#current?.send(stanza);
  }

  async stop(): Promise<void> {
    this.cut();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  async #post(person: WhatsappPerson, id: string, message: proto.IMessage, group?: string): Promise<void> {
    if (!this.#device) throw new Error('no device is linked yet');
    const sealed = await person.encrypt(this.me.jid, this.#device, message, group);
    const who: Record<string, string> = group
      ? { from: group, participant: person.jid, participant_lid: person.lid }
      : { from: person.jid, sender_lid: person.lid };
    const stanza = node(
      'message',
      { ...who, id, t: '1700000000', type: 'text', notify: person.name },
      sealed,
    );
    this.#waiting.set(id, { person, message, node: stanza });
    this.#current?.send(stanza);
  }

  #logIn(connection: NoiseConnection): void {
    if (this.#revoked || !this.#device) {
      connection.send(node('failure', { reason: '401' }));
      return;
    }
    connection.send(node('success', { t: '1700000000', lid: this.me.lid }));
    for (const { node: stanza } of this.#waiting.values())
      connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: '1' } });
    connection.send(node('ib', {}, [node('offline', { count: String(this.#waiting.size) })]));
  }

  #queue(work: () => Promise<unknown>): void {
    this.#work = this.#work.then(work);
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
      const members = (this.#groups.get(id) ?? []).map(({ jid, lid }) => node('participant', { jid, lid }));
      const about = { id, subject: 'Friends', addressing_mode: 'pn', creation: '1', s_t: '1' };
      return [node('group', about, [...members, node('participant', { jid: '15550100@s.whatsapp.net' })])];
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
    return this.#people.get(jid.replace(/:\d+@/, '@'));
  }

  async #receipt({ attrs }: BinaryNode): Promise<void> {
    const id = attrs.id ?? '';
    const waiting = this.#waiting.get(id);
    if (attrs.type !== 'retry') {
      this.receipts.add(id);
      this.#waiting.delete(id);
    } else if (waiting) {
      this.retries.push(id);
      waiting.person.forgetSession();
      const from = waiting.node.attrs.from ?? '';
      await this.#post(waiting.person, id, waiting.message, from.endsWith('@g.us') ? from : undefined);
    }
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
    for (const reader of readers) {
      if (!reader) continue;
      const mine = own.find(({ attrs }) => this.#personOf(attrs.jid ?? '') === reader);
      const sealed = [...(mine ? getBinaryNodeChildren(mine, 'enc') : []), ...shared];
      const message = await reader.decrypt(this.me.jid, group, sealed);
      const isNew = !this.seen.some((other) => other.id === id && other.reader === reader.jid);
      const text = message.conversation || message.extendedTextMessage?.text || '';
      if (isNew) this.seen.push({ id, chat: group ?? reader.jid, reader: reader.jid, message, text });
    }
    if (fault === 'accept and cut') connection.cut();
    else connection.send(node('ack', ack));
  }
}

function node(tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode {
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

function iq(type: string, id: string, content: BinaryNode[]): BinaryNode {
  return node('iq', { from: SERVER, type, id }, content);
}

function refs(): BinaryNode[] {
  return Array.from({ length: 6 }, (_, index) => node('ref', {}, Buffer.from(`2@fake-${index}`)));
}

function bundleOf(
  data: proto.ClientPayload.IDevicePairingRegistrationData | null | undefined,
): Bundle | undefined {
  if (!data?.eIdent || !data.eSkeyVal || !data.eSkeySig || !data.eRegid || !data.eSkeyId) return undefined;
  return {
    registrationId: Buffer.from(data.eRegid).readUInt32BE(),
    identity: data.eIdent,
    signedPreKey: {
      keyId: Buffer.from(data.eSkeyId).readUIntBE(0, 3),
      publicKey: data.eSkeyVal,
      signature: data.eSkeySig,
    },
  };
}
