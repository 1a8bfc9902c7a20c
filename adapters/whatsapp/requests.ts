import type { BinaryNode, proto, WASocket } from '@whiskeysockets/baileys';
import type { AuthStore } from './auth-store.ts';
import { contentOf } from './content.ts';
import { type FromWorker, type MediaRef, PHONE_LACKS_FILE, type Request, type Saying } from './protocol.ts';
import { quiet } from './silence.ts';

type Baileys = Pick<
  typeof import('@whiskeysockets/baileys'),
  'generateWAMessageContent' | 'generateWAMessageFromContent' | 'jidNormalizedUser'
>;

/** The worker's half of what the adapter asks for. One attempt each; what was said is done when the server acks it. */
export function answering(
  baileys: Baileys,
  store: AuthStore,
  socket: () => WASocket,
  tell: (message: FromWorker) => void,
) {
  /** Calls that wait for the server's ack, by stanza id. */
  const unacked = new Map<string, number>();

  return {
    answer(call: number, request: Request): void {
      answered(call, request).catch((error: unknown) =>
        tell({ type: 'refused', call, reason: reasonOf(error) }),
      );
    },

    /** The server's word on a message of ours: it has it, or why not. */
    acked({ attrs }: BinaryNode): void {
      const call = unacked.get(attrs.id ?? '');
      if (call === undefined) return;
      unacked.delete(attrs.id ?? '');
      if (attrs.error === undefined) tell({ type: 'done', call });
      else tell({ type: 'refused', call, code: Number(attrs.error), reason: 'refused' });
    },

    failAll(): void {
      for (const call of unacked.values()) tell({ type: 'refused', call, reason: 'the connection ended' });
      unacked.clear();
    },
  };

  function answered(call: number, request: Request): Promise<void> {
    if (request.type === 'locate') return locate(call, request);
    return request.type === 'number' ? numberOf(call, request.lid) : say(call, request);
  }

  async function say(call: number, saying: Saying): Promise<void> {
    const { chat, stanzaId } = saying;
    const content = await made(saying).catch((error: unknown) => {
      tell({ type: 'refused', call, reason: reasonOf(error), unsent: true });
    });
    if (!content) return;
    unacked.set(stanzaId, call);
    try {
      await socket().relayMessage(chat, content, { messageId: stanzaId });
    } catch (error) {
      // The end of the connection may have told it already.
      if (unacked.delete(stanzaId)) throw error;
    }
  }

  /** The message, its file uploaded. Kept, so that another attempt says the very same and uploads nothing twice. */
  async function made(saying: Saying): Promise<proto.IMessage> {
    const { chat, stanzaId } = saying;
    const kept = store.sent(stanzaId);
    if (kept) return kept;
    const userJid = baileys.jidNormalizedUser(store.state.creds.me?.id);
    const upload = socket().waUploadToServer;
    const content = await baileys.generateWAMessageContent(contentOf(saying, userJid), {
      upload,
      logger: quiet,
    });
    const { message } = baileys.generateWAMessageFromContent(chat, content, { userJid, messageId: stanzaId });
    store.keepSent(stanzaId, message ?? content);
    return message ?? content;
  }

  async function locate(call: number, { media, anew }: Extract<Request, { type: 'locate' }>): Promise<void> {
    const path = anew ? await uploadedAnew(media) : media.directPath;
    if (path === undefined)
      return tell({ type: 'refused', call, code: PHONE_LACKS_FILE, reason: 'the phone has no such file' });
    // Not the host that the message names: anybody may have written it.
    const { hosts } = await socket().refreshMediaConn();
    tell({ type: 'done', call, found: `https://${hosts[0]?.hostname}${path}` });
  }

  async function numberOf(call: number, lid: string): Promise<void> {
    const found = await socket().signalRepository.lidMapping.getPNForLID(lid);
    tell({ type: 'done', call, ...(found && { found }) });
  }

  async function uploadedAnew({ mediaKey, directPath, key }: MediaRef): Promise<string | undefined> {
    // The kind of file does not matter to the phone.
    const documentMessage = { mediaKey: Buffer.from(mediaKey, 'base64'), directPath };
    try {
      const { message } = await socket().updateMediaMessage({ key, message: { documentMessage } });
      return message?.documentMessage?.directPath ?? undefined;
    } catch (error) {
      const { statusCode } = (error as { output?: { statusCode?: number } }).output ?? {};
      if (statusCode === undefined || ![404, 412, 418].includes(statusCode)) throw error;
      return undefined;
    }
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
