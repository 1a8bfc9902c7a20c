import { type AdapterHost, ChannelError, type ChatId, type OutboundMessage } from '../contract/index.ts';
import { type Texts, textsIn } from '../texts/index.ts';

/** What is between one `start` of an adapter and the next `stop`. */
export interface Life<Session> {
  /** Aborts when it ends. */
  readonly signal: AbortSignal;
  /** From now on the adapter is connected. Throws when the life is over already. */
  connect(session: Session): void;
  /** The connection is lost: tells the gateway, unless the life is over. */
  lost(error: unknown): void;
  end(): void;
}

/** The lives of an adapter, one after the other. `Session`: what it works with while it is connected to `platform`. */
export function createLives<Session>(platform: string) {
  type Running = Life<Session> & { readonly host: AdapterHost; session?: Session };
  let now: Running | undefined;

  function notConnected(): ChannelError {
    return new ChannelError('network', `not connected to ${platform}`, { certain: true });
  }

  function textsFor(chat: ChatId): Texts['chat'] {
    if (now === undefined) throw notConnected();
    return textsIn(now.host.languageIn(chat)).chat;
  }

  return {
    begin(host: AdapterHost): Life<Session> {
      const over = new AbortController();
      const signal = AbortSignal.any([host.signal, over.signal]);
      const life: Running = {
        host,
        signal,
        connect(session) {
          if (signal.aborted) throw new ChannelError('network', 'stopped while starting', { certain: true });
          life.session = session;
        },
        lost(error) {
          if (!signal.aborted) host.onStateChange({ state: 'disconnected', error: ChannelError.from(error) });
        },
        end: () => over.abort(),
      };
      now = life;
      return life;
    },

    /** Ends what lives; what it worked with is for the caller to close. */
    end(): Session | undefined {
      const { session } = now ?? {};
      now?.end();
      now = undefined;
      return session;
    },

    /** What the adapter itself has to say to the people of a chat. Throws when nothing lives. */
    textsFor,

    /** The words after the sign ↻ before `message`, if its first attempt may have arrived. Throws when nothing lives. */
    sentAgain({ chat, possiblyRepeated }: OutboundMessage): string | undefined {
      return possiblyRepeated ? textsFor(chat.id).sentAgain : undefined;
    },

    /** What there is to work with, if there is something. */
    get session(): Session | undefined {
      return now?.session;
    },

    /** Aborts when this life ends. */
    get signal(): AbortSignal {
      return now?.signal ?? AbortSignal.abort();
    },

    /** What there is to work with. Throws while there is nothing. */
    connected(): Session {
      if (now?.session === undefined) throw notConnected();
      return now.session;
    },

    /** Aborts with `signal`, and when this life ends. */
    during(signal: AbortSignal): AbortSignal {
      if (now === undefined || now.signal.aborted) throw notConnected();
      return AbortSignal.any([signal, now.signal]);
    },
  };
}
