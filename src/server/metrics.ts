/** What `GET /metrics` tells; made elsewhere. */
export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

export async function metricsResponse({ contentType, text }: MetricsSource): Promise<Response> {
  return new Response(await text(), {
    headers: { 'content-type': contentType, 'cache-control': 'no-store' },
  });
}
