/** One frame as a server writes it (RFC 6455, 5.2): whole, unmasked. */
export interface DecodedFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** What stands in bytes that a server wrote: its whole frames, and how many bytes of the last one are not there yet. */
export function decodeFrames(bytes: Buffer): { readonly frames: DecodedFrame[]; readonly rest: Buffer } {
  const frames: DecodedFrame[] = [];
  let at = 0;
  for (let head = headAt(bytes, at); head !== undefined; head = headAt(bytes, at)) {
    if (bytes.length < head.end) break;
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: bytes.subarray(head.begin, head.end) });
    at = head.end;
  }
  return { frames, rest: bytes.subarray(at) };
}

/** The texts of all text frames in bytes that hold nothing but whole frames. */
export function decodeTexts(bytes: Buffer): string[] {
  const { frames, rest } = decodeFrames(bytes);
  if (rest.length > 0) throw new Error(`${rest.length} bytes are no whole frame.`);
  return frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload.toString('utf8'));
}

function headAt(bytes: Buffer, at: number): { begin: number; end: number } | undefined {
  if (bytes.length < at + 2) return undefined;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  if (bytes.length < at + 2 + extra) return undefined;
  const begin = at + 2 + extra;
  const length = extra === 0 ? short : extra === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
  return { begin, end: begin + length };
}
