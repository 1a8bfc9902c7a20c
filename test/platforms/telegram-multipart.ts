/** The parts of a multipart/form-data body: texts by name, and files by the name under which a text refers to them. */
export interface Multipart {
  readonly fields: Record<string, string>;
  readonly files: Map<string, { name: string; content: Buffer }>;
}

/** Reads it as leniently as Telegram does: values in the header may stand without quotes. */
export function parseMultipart(body: Buffer, contentType: string): Multipart | undefined {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const parsed: Multipart = { fields: {}, files: new Map() };
  // Every delimiter but the first stands on a line of its own.
  const whole = Buffer.concat([Buffer.from('\r\n'), body]);
  const delimiter = `\r\n--${boundary}`;
  let start = whole.indexOf(delimiter);
  for (;;) {
    const end = whole.indexOf(delimiter, start + 1);
    if (start === -1 || end === -1) return parsed;
    const part = whole.subarray(start + delimiter.length + 2, end);
    const content = part.indexOf('\r\n\r\n');
    const header = part.subarray(0, content).toString();
    const name = /[;\s]name="?([^";\r\n]+)"?/i.exec(header)?.[1] ?? '';
    const file = /filename="?([^";\r\n]*)"?/i.exec(header)?.[1];
    const value = part.subarray(content + 4);
    if (file === undefined) parsed.fields[name] = value.toString();
    else parsed.files.set(name, { name: file, content: Buffer.from(value) });
    start = end;
  }
}
