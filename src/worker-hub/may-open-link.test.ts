import { describe, expect, it } from 'vitest';
import { canonicalAddress } from '../protocol/wire/address.ts';
import { mayOpenLink } from './may-open-link.ts';

describe('mayOpenLink', () => {
  it.each([
    ['http://localhost:7400', 'ws://127.0.0.1:7329/ws', true],
    ['http://[::1]:7400', 'wss://localhost:1/ws', true],
    ['https://relay.example', 'wss://relay.example/ws', true],
    ['https://relay.example', 'wss://relay.example:444/ws', false],
    ['https://relay.example', 'ws://relay.example:443/ws', false],
    ['https://relay.example', 'ws://localhost:7400/ws', false],
    ['http://localhost:7400', 'ws://192.168.1.2:7400/ws', false],
    ['http://localhost:7400', 'wss://localhost.evil.example/ws', false],
    ['null', 'ws://localhost:7400/ws', false],
  ])('from %s to %s: %s', (pageOrigin, text, may) => {
    const address = canonicalAddress(text);
    expect(address.ok && mayOpenLink(address.value, pageOrigin)).toBe(may);
  });
});
