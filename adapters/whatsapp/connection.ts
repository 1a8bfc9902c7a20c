import type { BinaryNode, SignalKeyStoreWithTransaction, WASocket } from '@whiskeysockets/baileys';
import { openAuthStore } from './auth-store.ts';
import { journaling } from './journal.ts';
import type { FromWorker, ToWorker, WorkerOptions } from './protocol.ts';
import { answering } from './requests.ts';
import { keepSessionsThatDoNotFit } from './sessions.ts';
import { quiet } from './silence.ts';

/** DisconnectReason.restartRequired: the phone has just linked us, and we are to log in. */
const RESTART = 515;
const LOGGED_OUT = 401;
/** DisconnectReason.timedOut: while we wait for a person, WhatsApp gives no more codes on this connection. */
const TIMED_OUT = 408;
/** How long codes are good for (lib/Socket/socket.js): the first QR code, the next ones, and all of a connection. */
const FIRST_QR_MS = 60_000;
const NEXT_QR_MS = 20_000;
const PAIRING_MS = 160_000;

/** The worker's half: one login of WhatsApp, from the first connection to its end. */
export async function connect(options: WorkerOptions, tell: (message: FromWorker) => void) {
  const baileys = await import('./baileys.ts');
  keepSessionsThatDoNotFit();
  const store = openAuthStore(options.file, baileys);
  const journal = journaling(
    baileys,
    () => ({ id: store.state.creds.me?.id ?? '', lid: store.state.creds.me?.lid ?? '' }),
    (key) => store.wasHeard(key),
    (key, event) => tell({ type: 'event', key, event }),
  );
  for (const row of store.journal()) tell({ type: 'event', ...row });
  const requests = answering(baileys, store, () => socket, tell);
  let socket = open();

  return {
    handle(message: Exclude<ToWorker, { type: 'stop' }>): void {
      if (message.type === 'stored') store.forget(message.keys);
      else if (message.type === 'request') requests.answer(message.call, message.request);
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
    const { addTransactionCapability, makeWASocket, DEFAULT_CONNECTION_CONFIG } = baileys;
    const { makeSignalRepository, transactionOpts } = DEFAULT_CONNECTION_CONFIG;
    const next = makeWASocket({
      auth: store.state,
      logger: quiet,
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      fireInitQueries: false,
      ...(options.webSocketUrl && { waWebSocketUrl: options.webSocketUrl }),
      getMessage: async ({ id }) => store.sent(id ?? ''),
      makeSignalRepository: (auth, logger, lookUp) => {
        // What encrypts a message is used up by it, and has to be on disk as used up before the message leaves: after a kill
        // it would be used again, and no phone could read that. Baileys' own transaction ends only when all is sent, so the
        // sessions get one that does not take part in it; in one line, because several may be about the same session.
        const { transaction, ...others } = addTransactionCapability(
          store.state.keys,
          logger,
          transactionOpts,
        );
        const keys: SignalKeyStoreWithTransaction = {
          ...others,
          transaction: (work) => transaction(work, 'sessions'),
        };
        return journal.wrap(makeSignalRepository({ creds: auth.creds, keys }, logger, lookUp), keys);
      },
    });
    let qrs = 0;
    next.ws.prependListener('CB:message', (stanza: BinaryNode) => journal.saw(stanza));
    next.ws.on('CB:ack,class:message', requests.acked);
    next.ev.on('creds.update', () => store.saveCreds());
    next.ev.on('connection.update', ({ connection, qr, lastDisconnect }) => {
      if (qr !== undefined) {
        qrs += 1;
        if (options.pairingPhoneNumber === undefined) showQr(qr, qrs === 1 ? FIRST_QR_MS : NEXT_QR_MS);
        else if (qrs === 1) void showCode(next, options.pairingPhoneNumber);
      }
      if (connection === 'open') tell({ type: 'open' });
      if (connection === 'close') closed(lastDisconnect?.error, qrs > 0);
    });
    return next;
  }

  function showQr(qr: string, lifetime: number): void {
    tell({ type: 'login', step: { qr, expiresAt: Date.now() + lifetime } });
  }

  async function showCode(on: WASocket, phoneNumber: string): Promise<void> {
    const code = await on.requestPairingCode(phoneNumber.replace(/\D/g, ''));
    tell({ type: 'login', step: { code, expiresAt: Date.now() + PAIRING_MS } });
  }

  function closed(error: Error | undefined, isPairing: boolean): void {
    const { statusCode = 500 } = (error as { output?: { statusCode?: number } } | undefined)?.output ?? {};
    requests.failAll();
    const nobodyCame = isPairing && statusCode === TIMED_OUT;
    if (nobodyCame || statusCode === LOGGED_OUT) store.logOut();
    if (nobodyCame || statusCode === RESTART) socket = open();
    else tell({ type: 'closed', code: statusCode });
  }
}
