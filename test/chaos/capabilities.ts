import type { ChannelCapabilities, RenderedText } from '../../src/contract/index.ts';
import type { Profile } from './plan.ts';

const TEXT_LIMIT = 200;

/** What a scripted platform can do; `brisk`: it bears any pace. */
export function capabilitiesOf({ dedupe, dedupeForMs, rich }: Profile, brisk: boolean): ChannelCapabilities {
  return {
    textLimit: TEXT_LIMIT,
    textUnit: 'utf16',
    dedupe,
    ...(dedupeForMs !== undefined && { dedupeForMs }),
    typing: false,
    rateLimits: brisk
      ? { channel: { burst: 1e6, perSecond: 1e6 } }
      : {
          channel: { burst: 5, perSecond: 5 },
          direct: { burst: 1, perSecond: 1 },
          group: { burst: 3, perSecond: 0.5 },
        },
    ...(rich && {
      streaming: { everyMs: 1_000, spendsLimit: false },
      reactions: true,
      files: { maxBytes: 1e6, captionLimit: 100, perMessage: 2 },
      choices: { most: 3, labelLimit: 10 },
    }),
  };
}

/** A form feed begins a new message, and so does the limit. */
export function rendered(markdown: string): RenderedText[] {
  return markdown
    .split('\f')
    .flatMap((part) => part.match(new RegExp(`[^]{1,${TEXT_LIMIT}}`, 'g')) ?? [])
    .map((text) => ({ text }));
}
