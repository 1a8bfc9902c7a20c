import { setTimeout as sleep } from 'node:timers/promises';
import type { AdapterHost, ChannelAdapter } from '../../src/contract/index.ts';

/** For platforms that know no acknowledgement: what the gateway has stored counts as acknowledged. */
export function countStored(): {
  watch(adapter: ChannelAdapter): ChannelAdapter;
  readonly count: number;
  /** Resolves as soon as `reached` is true, of what is stored or of the platform. */
  until(reached: () => boolean, what: string): Promise<void>;
} {
  const keys = new Set<string>();
  return {
    get count() {
      return keys.size;
    },
    async until(reached, what) {
      const deadline = performance.now() + 20_000;
      while (!reached()) {
        if (performance.now() > deadline) throw new Error(`waited in vain: ${what}`);
        await sleep(2);
      }
    },
    watch: (adapter) => ({ ...adapter, start: (host) => adapter.start(watched(host)) }),
  };

  function watched(host: AdapterHost): AdapterHost {
    return {
      channel: host.channel,
      signal: host.signal,
      log: host.log,
      dataDir: () => host.dataDir(),
      cursor: () => host.cursor(),
      onStateChange: (change) => host.onStateChange(change),
      onStop: (chat, sender) => host.onStop(chat, sender),
      languageOf: (sender) => host.languageOf(sender),
      languageIn: (chat) => host.languageIn(chat),
      history: (chat, limit) => host.history(chat, limit),
      serve: (http) => host.serve(http),
      async receive(batch) {
        await host.receive(batch);
        for (const { dedupeKey } of batch.messages) keys.add(dedupeKey);
      },
    };
  }
}
