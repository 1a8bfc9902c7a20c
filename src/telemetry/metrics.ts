import { Registry } from 'prom-client';
import type { EventBus } from '../gateway/index.ts';
import { countEvents } from './metrics-counted.ts';
import { type Look, lookAtGateway } from './metrics-looked-up.ts';
import { type ProcessAbout, watchProcess } from './metrics-process.ts';

/** What Prometheus reads. docs/operations/metrics.md tells of each name. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/**
 * Begins to count what happens; what waits, and how the process is, is looked up when Prometheus asks.
 * Labels hold names from the config and states, never what people said or are called.
 */
export function createMetrics(events: EventBus, parts: Look & ProcessAbout): Metrics {
  const registry = new Registry();
  countEvents(events, registry);
  lookAtGateway(parts, registry);
  watchProcess(parts, registry);
  return { contentType: registry.contentType, text: () => registry.metrics() };
}
