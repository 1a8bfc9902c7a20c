import type { Finding, ProbeHost } from '../../src/contract/index.ts';
import { createApi } from './api.ts';
import { createClient, SILENT } from './client.ts';
import { createHttp } from './http.ts';
import type { FeishuOptions } from './index.ts';

/** Gets a token for the app, and asks who its bot is. Rejects with a ChannelError. */
export async function probe(options: FeishuOptions, { signal }: ProbeHost): Promise<Finding[]> {
  const lark = await import('./lark.ts');
  const over = new AbortController();
  const http = createHttp(lark, AbortSignal.any([signal, over.signal]));
  try {
    await createApi(createClient(lark, options, http, SILENT)).bot();
    return [{ level: 'ok', what: `the app ${options.app_id} has a bot` }];
  } finally {
    over.abort();
  }
}
