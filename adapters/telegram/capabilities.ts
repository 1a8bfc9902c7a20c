import { roomForMark } from '../../src/adapter-kit/index.ts';
import type { ChannelCapabilities } from '../../src/contract/index.ts';
import { repeatedMark } from './repeated.ts';

/** What stands before a message that may be there already is a part of it. */
export const MARK_ROOM = roomForMark((sentAgain) => repeatedMark(sentAgain).plain.length);

export const capabilities: ChannelCapabilities = {
  // https://core.telegram.org/bots/api#sendmessage: 1-4096 characters after entities parsing; it counts UTF-16 units.
  textLimit: 4096,
  textUnit: 'utf16',
  // sendMessage takes no key of ours, and a bot cannot read what it has sent.
  dedupe: 'none',
  typing: true,
  // Drafts (https://core.telegram.org/bots/api#sendmessagedraft) are no messages, and exist in private chats only. An edited
  // message would spend the 20 per minute of a group.
  streaming: { everyMs: 1_500, spendsLimit: true, directOnly: true },
  reactions: true,
  downloads: true,
  files: {
    // https://core.telegram.org/bots/api#sending-files: 50 MB for what is not a photo; larger photos go as documents.
    maxBytes: 50_000_000,
    // https://core.telegram.org/bots/api#sendphoto: 1024 characters after entities parsing, our mark among them.
    captionLimit: 1024 - MARK_ROOM,
    // https://core.telegram.org/bots/api#sendmediagroup: 2-10.
    perMessage: 10,
  },
  // Telegram documents neither. Apps cut a label that is wider than the message, on phones after about 40 characters; and
  // it refuses keyboards of more than about 10 kB (https://github.com/tginfo/Telegram-Limits/issues/187).
  choices: { most: 50, labelLimit: 40 },
  menu: true,
  // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
  rateLimits: {
    // 30 per second for all chats; far below it, because one 429 can mute a bot for minutes.
    channel: { burst: 5, perSecond: 5 },
    // One per second, short bursts go through.
    direct: { burst: 3, perSecond: 1 },
    // 20 per minute: the burst, and 15 that follow it within the minute.
    group: { burst: 5, perSecond: 15 / 60 },
  },
};
