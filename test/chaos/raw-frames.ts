import { Buffer } from 'node:buffer';

/** A client's frame (RFC 6455, 5.2) with a mask of zeros: the first byte, the length as it is said, and the payload. */
function frame(first: number, payload: Buffer | string, said = Buffer.byteLength(payload)): Buffer {
  const head = said <= 125 ? [first, 0x80 | said] : [first, 0x80 | 126, said >> 8, said & 0xff];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), Buffer.from(payload)]);
}

const TEXT = 0x81;

/** Bytes that break the rules of WebSocket or of HTTP, each with a name; all are sent after a good handshake. */
export const RAW_FRAMES: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['a frame without a mask', Buffer.from([TEXT, 2, 0x68, 0x69])],
  ['a reserved bit', frame(TEXT | 0x40, 'hi')],
  ['another reserved bit', frame(TEXT | 0x20, 'hi')],
  ['the last reserved bit', frame(TEXT | 0x10, 'hi')],
  ['a reserved opcode', frame(0x83, 'hi')],
  ['another reserved opcode', frame(0x87, 'hi')],
  ['a reserved control opcode', frame(0x8b, '')],
  ['the last opcode', frame(0x8f, '')],
  ['a continuation of nothing', frame(0x80, 'hi')],
  ['a continuation of nothing that goes on', frame(0x00, 'hi')],
  ['a text in the middle of a text', Buffer.concat([frame(0x01, 'a'), frame(TEXT, 'b')])],
  ['bytes in the middle of a text', Buffer.concat([frame(0x01, 'a'), frame(0x82, 'b')])],
  ['a ping in pieces', frame(0x09, 'a')],
  ['a pong in pieces', frame(0x0a, 'a')],
  ['a close in pieces', frame(0x08, '')],
  ['a ping that is too long', frame(0x89, 'x'.repeat(126))],
  ['a pong that is too long', frame(0x8a, 'x'.repeat(126))],
  ['a close that is too long', frame(0x88, 'x'.repeat(126))],
  ['a close with half a code', frame(0x88, Buffer.from([3]))],
  ['a close with a code below all', frame(0x88, Buffer.from([0, 1]))],
  ['a close with a reserved code', frame(0x88, Buffer.from([3, 0xed]))],
  ['a close with a code above all', frame(0x88, Buffer.from([0xff, 0xff]))],
  ['a close whose reason is no text', frame(0x88, Buffer.from([3, 0xe8, 0xff, 0xfe]))],
  ['a text that is not UTF-8', frame(TEXT, Buffer.from([0xc3, 0x28]))],
  ['a text that ends within a letter', frame(TEXT, Buffer.from([0xe2, 0x82]))],
  ['half of a pair as UTF-8', frame(TEXT, Buffer.from([0xed, 0xa0, 0x80]))],
  ['a length above all numbers', Buffer.from([TEXT, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['a length of 2 GiB', Buffer.from([TEXT, 0xff, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0])],
  ['bytes', frame(0x82, Buffer.from([0, 1, 2]))],
  ['a request in the middle', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
];

/** A handshake of WebSocket. */
export function handshake(path: string): string {
  const head = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket'];
  return [...head, 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', ''].join('\r\n');
}
