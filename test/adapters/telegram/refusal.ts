import type { Fault } from '../../platforms/fake-http.ts';

/** Telegram's way to say no. */
export function refusal(code: number, description: string, parameters?: object): Fault {
  return {
    kind: 'status',
    status: code,
    body: { ok: false, error_code: code, description, ...(parameters && { parameters }) },
  };
}
