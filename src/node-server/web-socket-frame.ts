const FIN = 0x80;
/** The opcodes of RFC 6455, 11.8 that the relay writes itself. */
const OPCODE = { text: 0x1, ping: 0x9, pong: 0xa } as const;
/** Up to here the length stands in the second byte, or in the two bytes behind it (RFC 6455, 5.2). */
const LENGTH_7_BITS_MAX = 125;
const LENGTH_16_BITS_MAX = 0xffff;

/** The bytes of one whole, unmasked text frame, as servers send them (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  return textFrames([text]);
}

/** As {@link textFrame}, of several texts, behind each other. */
export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const frames = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headBytes(length) + length, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] ?? 0;
    at = writeHead(frames, at, { opcode: OPCODE.text, length });
    at = writeText(frames, at, { text, length });
  }
  return frames;
}

/** What stands before the payload of a text frame of so many bytes. */
export function textFrameHead(length: number): Buffer {
  const head = Buffer.allocUnsafe(headBytes(length));
  writeHead(head, 0, { opcode: OPCODE.text, length });
  return head;
}

/** Writes a text whose bytes have been counted into a buffer, and says where it ends. */
export function writeText(into: Buffer, at: number, { text, length }: { text: string; length: number }): number {
  // A text that is as long in bytes is ASCII, which is copied as it is.
  return at + into.write(text, at, length, length === text.length ? 'latin1' : 'utf8');
}

/** The bytes of a ping or pong. `data` has at most 125 bytes (RFC 6455, 5.5). */
export function controlFrame(opcode: 'ping' | 'pong', data: Buffer): Buffer {
  const { length } = data;
  const frame = Buffer.allocUnsafe(headBytes(length) + length);
  data.copy(frame, writeHead(frame, 0, { opcode: OPCODE[opcode], length }));
  return frame;
}

function headBytes(length: number): number {
  if (length <= LENGTH_7_BITS_MAX) return 2;
  return length <= LENGTH_16_BITS_MAX ? 4 : 10;
}

/** Writes what stands before the payload, and says where that begins. */
function writeHead(frames: Buffer, at: number, { opcode, length }: { opcode: number; length: number }): number {
  frames[at] = FIN | opcode;
  const size = headBytes(length);
  if (size === 2) frames[at + 1] = length;
  else if (size === 4) {
    frames[at + 1] = 126;
    frames.writeUInt16BE(length, at + 2);
  } else {
    frames[at + 1] = 127;
    frames.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + size;
}
