/**
 * The binary frames of Feishu's long connection: the protobuf message `pbbp2.Frame`.
 *
 *   SeqID 1, LogID 2 (uint64) · service 3, method 4 (int32) · headers 5 (repeated {key 1, value 2}) · payload 8 (bytes)
 */
export interface FeishuFrame {
  readonly service: number;
  /** 0: control (ping, pong). 1: data (events, and the answers to them). */
  readonly method: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

export function encodeFrame({ service, method, headers, payload }: FeishuFrame): Buffer {
  return Buffer.concat([
    number(1, 0),
    number(2, 0),
    number(3, service),
    number(4, method),
    ...Object.entries(headers).map(([key, value]) =>
      bytes(5, Buffer.concat([bytes(1, Buffer.from(key)), bytes(2, Buffer.from(value))])),
    ),
    bytes(8, payload),
  ]);
}

export function decodeFrame(data: Buffer): FeishuFrame {
  const headers: Record<string, string> = {};
  let service = 0;
  let method = 0;
  let payload: Buffer = Buffer.alloc(0);
  for (const [field, value] of fields(data)) {
    if (field === 3) service = Number(value);
    else if (field === 4) method = Number(value);
    else if (field === 5) {
      const header = new Map(fields(value as Buffer));
      headers[String(header.get(1))] = String(header.get(2));
    } else if (field === 8) payload = value as Buffer;
  }
  return { service, method, headers, payload };
}

function number(field: number, value: number): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(value)]);
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | BYTES), varint(value.length), value]);
}

function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  while (rest > 127) {
    out.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...out, rest]);
}

function* fields(data: Buffer): Generator<readonly [number, number | Buffer]> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = data[at++];
      if (byte === undefined) throw new Error('the frame ends in the middle of a number');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < data.length) {
    const tag = readVarint();
    const field = tag >>> 3;
    if ((tag & 7) === VARINT) yield [field, readVarint()];
    else if ((tag & 7) === FIXED64) at += 8;
    else if ((tag & 7) === BYTES) {
      const end = readVarint() + at;
      yield [field, data.subarray(at, end)];
      at = end;
    } else throw new Error(`a frame has no wire type ${tag & 7}`);
  }
}
