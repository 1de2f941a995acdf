import { EventEmitter } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { openBrowser } from './open-browser.ts';

function launched(platform: string): { command: string; args: readonly string[]; child: EventEmitter } {
  const child = Object.assign(new EventEmitter(), { unref: () => undefined });
  let call = { command: '', args: [] as readonly string[] };
  openBrowser('http://localhost:7400', {
    platform,
    spawn: (command, args) => {
      call = { command, args };
      return child as unknown as ChildProcess;
    },
  });
  return { ...call, child };
}

describe('openBrowser', () => {
  test.each([
    ['linux', 'xdg-open', ['http://localhost:7400']],
    ['darwin', 'open', ['http://localhost:7400']],
    ['win32', 'cmd', ['/c', 'start', '', 'http://localhost:7400']],
  ])('uses what %s has for it', (platform, command, args) => {
    expect(launched(platform)).toMatchObject({ command, args });
  });

  test('does not mind that there is no browser', () => {
    const { child } = launched('linux');
    expect(() => child.emit('error', new Error('ENOENT'))).not.toThrow();
  });
});
