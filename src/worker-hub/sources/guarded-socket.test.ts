import { describe, expect, it } from 'vitest';
import { FakeSockets } from '../test-support/fake-sockets.ts';
import { guardSocket } from './guarded-socket.ts';
import type { OpenSocket } from './socket.ts';

const settled = (): Promise<unknown> => new Promise((resolve) => setImmediate(resolve));

function openGuarded(mayOpen: () => Promise<boolean>, openSocket?: OpenSocket) {
  const sockets = new FakeSockets();
  const said: unknown[] = [];
  const open = guardSocket(openSocket ?? sockets.open, mayOpen);
  const socket = open('ws://a/ws', {
    onOpen: () => said.push('open'),
    onText: (text) => said.push(text),
    onBinary: () => said.push('binary'),
    onClosed: ({ code }) => said.push(code),
    onThrown: (error) => said.push(error),
  });
  return { socket, sockets, said };
}

describe('guardSocket', () => {
  it('is the socket itself once it may open', async () => {
    const { socket, sockets, said } = openGuarded(async () => true);
    socket.send('lost');
    expect(sockets.opened).toEqual([]);
    await settled();
    sockets.last.accept();
    sockets.last.say({ type: 'x' });
    socket.send('{"type":"y"}');
    expect([sockets.last.url, said, sockets.last.messages]).toEqual([
      'ws://a/ws',
      ['open', '{"type":"x"}'],
      [{ type: 'y' }],
    ]);
    socket.close();
    expect(sockets.last.isClosed).toBe(true);
  });

  it('opens nothing where it may not, or was closed meanwhile', async () => {
    const refused = openGuarded(async () => false);
    const closed = openGuarded(async () => true);
    closed.socket.close();
    await settled();
    expect([refused.sockets.opened, refused.said]).toEqual([[], []]);
    expect([closed.sockets.opened, closed.said]).toEqual([[], []]);
  });

  it('says what opening threw', async () => {
    const error = new DOMException('mixed', 'SecurityError');
    const thrown = openGuarded(
      async () => true,
      () => {
        throw error;
      },
    );
    const failed = openGuarded(() => Promise.reject(error));
    await settled();
    expect([thrown.said, failed.said]).toEqual([[error], [error]]);
  });
});
