import type { BinaryNode, SignalKeyStoreWithTransaction, WASocket } from '@whiskeysockets/baileys';
import { openAuthStore } from './auth-store.ts';
import { journaling } from './journal.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts';

/** DisconnectReason.restartRequired: the phone has just linked us, and we are to log in. */
const RESTART = 515;
const LOGGED_OUT = 401;

const quiet = {
  level: 'silent',
  child: () => quiet,
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error() {},
};

/** The worker's half: one login of WhatsApp, from the first connection to its end. */
export async function connect(options: WorkerOptions, tell: (message: FromWorker) => void) {
  const baileys = await import('@whiskeysockets/baileys');
  const store = openAuthStore(options.file, baileys);
  /** Calls that wait for the server's ack, by stanza id. */
  const unacked = new Map<string, number>();
  const journal = journaling(
    baileys,
    () => ({ id: store.state.creds.me?.id ?? '', lid: store.state.creds.me?.lid ?? '' }),
    (key, event) => tell({ type: 'event', key, event }),
  );
  for (const row of store.journal()) tell({ type: 'event', ...row });
  let socket = open();

  return {
    handle(message: Exclude<ToWorker, { type: 'stop' }>): void {
      if (message.type === 'stored') store.forget(message.keys);
      else if (message.type === 'send') void send(message);
      else socket.sendPresenceUpdate(message.on ? 'composing' : 'paused', message.chat).catch(() => {});
    },
    stop(done: () => void): void {
      void Promise.resolve(socket.end(undefined)).finally(() => {
        store.close();
        done();
      });
    },
  };

  function open(): WASocket {
    const { makeWASocket, DEFAULT_CONNECTION_CONFIG } = baileys;
    const next = makeWASocket({
      auth: store.state,
      logger: quiet,
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      fireInitQueries: false,
      ...(options.webSocketUrl && { waWebSocketUrl: options.webSocketUrl }),
      getMessage: async ({ id }) => {
        const text = store.sentText(id ?? '');
        return text === undefined ? undefined : { conversation: text };
      },
      makeSignalRepository: (auth, logger, lookUp) => {
        const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, lookUp);
        // Baileys adds the transactions before it makes the repository; its types do not say so.
        return journal.wrap(repository, auth.keys as SignalKeyStoreWithTransaction);
      },
    });
    next.ws.prependListener('CB:message', (stanza: BinaryNode) => journal.saw(stanza));
    next.ws.on('CB:ack,class:message', acked);
    next.ev.on('creds.update', () => store.saveCreds());
    next.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr !== undefined) void showLogin(next, qr);
      if (connection === 'open') tell({ type: 'open' });
      if (connection === 'close') closed(lastDisconnect?.error);
    });
    return next;
  }

  async function showLogin(on: WASocket, qr: string): Promise<void> {
    if (options.pairingPhoneNumber === undefined) return tell({ type: 'qr', qr });
    if (store.state.creds.pairingCode) return;
    const code = await on.requestPairingCode(options.pairingPhoneNumber.replace(/\D/g, ''));
    tell({ type: 'pairing-code', code });
  }

  function closed(error: Error | undefined): void {
    const { statusCode = 500 } = (error as { output?: { statusCode?: number } } | undefined)?.output ?? {};
    for (const call of unacked.values()) tell({ type: 'refused', call, reason: 'the connection ended' });
    unacked.clear();
    if (statusCode === RESTART) {
      socket = open();
      return;
    }
    if (statusCode === LOGGED_OUT) store.logOut();
    tell({ type: 'closed', code: statusCode });
  }

  async function send({
    call,
    chat,
    stanzaId,
    text,
    quoted,
  }: Extract<ToWorker, { type: 'send' }>): Promise<void> {
    const me = baileys.jidNormalizedUser(store.state.creds.me?.id);
    const contextInfo = quoted && {
      stanzaId: quoted.id,
      participant: quoted.author === 'me' ? me : quoted.author,
      quotedMessage: { conversation: '' },
    };
    try {
      store.keepSent(stanzaId, text);
      unacked.set(stanzaId, call);
      await socket.sendMessage(
        chat,
        { text, linkPreview: null, ...(contextInfo && { contextInfo }) },
        { messageId: stanzaId },
      );
    } catch (error) {
      if (!unacked.delete(stanzaId)) return;
      tell({ type: 'refused', call, reason: error instanceof Error ? error.message : String(error) });
    }
  }

  /** The server's word on a message of ours: it has it, or why not. */
  function acked({ attrs }: BinaryNode): void {
    const call = unacked.get(attrs.id ?? '');
    if (call === undefined) return;
    unacked.delete(attrs.id ?? '');
    if (attrs.error === undefined) tell({ type: 'sent', call });
    else tell({ type: 'refused', call, code: Number(attrs.error), reason: 'refused' });
  }
}
