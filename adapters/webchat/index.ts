import { z } from 'zod';
import type { ChannelType } from '../../src/contract/index.ts';

export interface WebChatOptions {
  /** What the page calls itself: in its head and in the browser's tab. */
  readonly title: string;
}

/** A chat page of our own: no account, no platform, nothing that leaves this machine. */
export const webchat: ChannelType<WebChatOptions> = {
  options: z.strictObject({
    title: z
      .string()
      .trim()
      .min(1)
      .max(60)
      .default('OpenClaw')
      .describe('What the page calls itself, in its head and in the browser tab.'),
  }),
  strangers: 'admitted',
  async create(options) {
    const { createWebChatAdapter } = await import('./adapter.ts');
    return createWebChatAdapter(options);
  },
};
