const FIN = 0x80;
/** The opcodes of RFC 6455, 11.8 that the relay writes itself. */
const OPCODE = { text: 0x1, ping: 0x9, pong: 0xa } as const;
/** Up to here the length stands in the second byte, or in the two bytes behind it (RFC 6455, 5.2). */
const LENGTH_7_BITS_MAX = 125;
const LENGTH_16_BITS_MAX = 0xffff;

/** The bytes of one whole, unmasked text frame, as servers send them (RFC 6455, 5.2). */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const { frame, offset } = begin(OPCODE.text, length);
  frame.write(text, offset, 'utf8');
  return frame;
}

/** The bytes of a ping or pong. `data` has at most 125 bytes (RFC 6455, 5.5). */
export function controlFrame(opcode: 'ping' | 'pong', data: Buffer): Buffer {
  const { frame, offset } = begin(OPCODE[opcode], data.length);
  data.copy(frame, offset);
  return frame;
}

function begin(opcode: number, length: number): { frame: Buffer; offset: number } {
  const offset = length <= LENGTH_7_BITS_MAX ? 2 : length <= LENGTH_16_BITS_MAX ? 4 : 10;
  const frame = Buffer.allocUnsafe(offset + length);
  frame[0] = FIN | opcode;
  if (offset === 2) frame[1] = length;
  else if (offset === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  return { frame, offset };
}
