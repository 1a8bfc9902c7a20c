import { type Check, type Diagnosis, ok } from '../check.ts';
import { askedChannel } from '../probing.ts';
import { goodConfig } from '../scene.ts';

/** Each channel that is on: its platform is asked. */
export const channels: Check = {
  name: 'channel',
  async run(scene) {
    const config = goodConfig(scene);
    const on = config?.channels.filter(({ enabled }) => enabled) ?? [];
    const found = await Promise.all(
      on.map(async (channel): Promise<Diagnosis[]> => {
        const about = channel.id;
        const type = await scene.channelTypes[channel.type]?.();
        const told = type && (await askedChannel(type, channel, config?.dataDir ?? '', scene.signal));
        return told?.map((finding) => ({ about, ...finding })) ?? [ok('needs nobody', about)];
      }),
    );
    return found.flat();
  },
};
