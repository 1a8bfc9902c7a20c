import { z } from 'zod';
import { addressFor } from '../server/index.ts';

const PATIENCE_MS = 5_000;

const readiness = z.object({
  channels: z.record(z.string(), z.object({ state: z.string(), detail: z.string().optional() })),
  trouble: z.string().optional(),
});

/** What a gateway says of itself to anyone who asks its port. */
export type Readiness = z.output<typeof readiness>;

export function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `http://${addressFor(host)}:${port}`;
}

/** `undefined` when it is no gateway that answers there. */
export async function readinessAt(address: string): Promise<Readiness | undefined> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${address}/readyz`, { signal, redirect: 'error' });
    return readiness.parse(await response.json());
  } catch {
    return undefined;
  }
}
