import { createLives, type Life } from '../../src/adapter-kit/index.ts';
import {
  type AdapterHost,
  type ChannelAdapter,
  ChannelError,
  platformMessageId,
} from '../../src/contract/index.ts';
import { findGateway, intents, readSettings } from './access.ts';
import { capabilities } from './capabilities.ts';
import { download } from './download.ts';
import { CLEAR_ENDPOINT, lossError, SWITCH_ON_CONTENT, toChannelError } from './errors.ts';
import { render } from './format.ts';
import { type Connection, type ConnectionOptions, openConnection } from './gateway.ts';
import { normalize } from './inbound.ts';
import type { DiscordOptions } from './index.ts';
import { createIntake } from './intake.ts';
import { setMenu } from './menu.ts';
import { keepTyping, react } from './outbound.ts';
import { createOwnMessages, type OwnMessages } from './own.ts';
import { createRest, letGo } from './rest.ts';

export function createDiscordAdapter(options: DiscordOptions): ChannelAdapter {
  const own = createOwnMessages();
  const lives = createLives<Session>('Discord');

  return {
    capabilities,
    normalize,
    render,

    async start(host) {
      const life = lives.begin(host);
      const session = createSession(options, host, own, life);
      life.connect(session);
      try {
        await session.connect();
      } catch (error) {
        throw toChannelError(error);
      }
    },

    async stop() {
      await lives.end()?.close();
    },

    async send(message, signal) {
      const id = await own.send(lives.connected().rest, message, lives.sentAgain(message), signal);
      return { platformId: platformMessageId(id) };
    },

    /** An attempt runs to its end even if the gateway no longer waits: so the answer knows what it must not meet. */
    async stream(preview) {
      const { rest, signal } = lives.connected();
      await own.show(rest, preview, signal);
    },

    async react(chat, message, emoji, signal) {
      await react(lives.connected().rest, chat, message, emoji, signal);
    },

    async setMenu(commands, signal) {
      await setMenu(lives.connected().rest, commands, signal);
    },

    startTyping(chat, _turn, until) {
      if (lives.session !== undefined) keepTyping(lives.session.rest, chat, until);
    },

    download: (attachment, signal) => download(attachment, options.api_url, signal),
  };
}

type Session = ReturnType<typeof createSession>;

/** What there is between one `start` and the next `stop`. */
function createSession(
  options: DiscordOptions,
  host: AdapterHost,
  own: OwnMessages,
  { signal, lost }: Life<unknown>,
) {
  const rest = createRest(options);
  const intake = createIntake({ host, rest, signal, onEcho: own.arrived, onFailed: lost });
  own.remember(intake.previews);
  let connection: Connection | undefined;

  /** Resolves when events flow, and a new session is on disk. */
  function open(gateway: ConnectionOptions['gateway'], readsAll: boolean): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    let begun = Promise.resolve();
    let fail: (error: ChannelError) => void = reject;
    connection = openConnection({
      token: options.token,
      intents: intents(readsAll),
      gateway,
      session: () => intake.session,
      onReady: (body) => {
        begun = intake.begin(body, readsAll);
      },
      onEvent: intake.take,
      onLost: (code, cause) => fail(lossError(code, cause)),
    });
    void connection.open
      .then(() => begun)
      .then(() => {
        fail = lost;
        resolve();
      });
    signal.addEventListener('abort', () => reject(new ChannelError('network', 'the channel was stopped')));
    return promise;
  }

  async function connect(): Promise<void> {
    const gateway = await findGateway(rest, signal);
    // Without the content of messages a session is not worth resuming: by now the switch may be on.
    if (intake.session?.readsAll) {
      intake.resume();
      if (await succeeds(open(gateway, true))) return;
    }
    intake.forgetSession();
    const { readsAll, hearsButtons } = await readSettings(rest, signal);
    if (!readsAll) host.log.warn(`Discord hides messages that do not mention the bot. ${SWITCH_ON_CONTENT}`);
    if (!hearsButtons) host.log.warn(`Discord tells others which buttons are pressed. ${CLEAR_ENDPOINT}`);
    await open(gateway, readsAll);
  }

  return {
    rest,
    signal,
    connect,
    async close() {
      letGo(rest);
      await connection?.close();
    },
  };
}

function succeeds(doing: Promise<void>): Promise<boolean> {
  return doing.then(
    () => true,
    () => false,
  );
}
