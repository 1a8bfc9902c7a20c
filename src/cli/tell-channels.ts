import type { Gateway } from '../gateway/index.ts';
import type { ServiceManager } from './sd-notify.ts';

/** A channel that flaps is told of so often at most, in milliseconds. */
const PAUSE_MS = 1_000;

/** Keeps the service manager's line on the gateway true: how many channels are connected, and how the others are. */
export function tellChannels(manager: ServiceManager, gateway: Gateway): void {
  let said = '';
  let isDue = false;
  function tell(): void {
    isDue = false;
    const text = summary(gateway);
    if (text !== said) manager.status(text);
    said = text;
  }
  gateway.events.on('channel.state', () => {
    if (!isDue) setTimeout(tell, PAUSE_MS).unref();
    isDue = true;
  });
  tell();
}

function summary(gateway: Gateway): string {
  const states = [...gateway.channels()].map(([channel, { state }]) => ({ channel, state }));
  const others = states.filter(({ state }) => state !== 'connected');
  const connected = `${states.length - others.length} of ${states.length} channels connected`;
  const rest = others.map(({ channel, state }) => `${channel} is ${state.replace('_', ' ')}`);
  return [connected, ...rest].join(', ');
}
