import { parseJson } from '../../src/adapter-kit/index.ts';
import { ChannelError } from '../../src/contract/index.ts';
import { fromRpcError, SIGNAL_CLI } from './errors.ts';

/** An answer without the field is an error message, and those are short. */
const LONGEST_HEAD = 64 * 1024;

/**
 * The bytes of a base64 string in a JSON-RPC answer, as they arrive: a large file never is in memory as a whole.
 * Throws the error of an answer that has none.
 */
export async function* base64Field(
  body: ReadableStream<Uint8Array>,
  field: string,
): AsyncGenerator<Uint8Array> {
  const opening = `"${field}":"`;
  let inside = false;
  let text = '';
  try {
    for await (const chunk of body) {
      text += Buffer.from(chunk).toString('latin1'); // all that matters is ASCII
      if (!inside) {
        const at = text.indexOf(opening);
        if (at === -1 && text.length < LONGEST_HEAD) continue;
        if (at === -1) break;
        text = text.slice(at + opening.length);
        inside = true;
      }
      const end = text.indexOf('"');
      const ready = end === -1 ? text.length - (text.length % 4) : end;
      if (ready > 0) yield Buffer.from(text.slice(0, ready), 'base64');
      if (end !== -1) return;
      text = text.slice(ready);
    }
  } catch (error) {
    throw SIGNAL_CLI.broken(error);
  }
  if (inside) throw new ChannelError('network', 'signal-cli broke off in the middle of a file');
  throw fromRpcError(Object(parseJson(text)).error);
}
