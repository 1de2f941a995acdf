import { describe, expect, test } from 'vitest';
import { createLog, type LogFormat, type LogLevel, silentLog } from './log.ts';

function linesOf(settings: { level?: LogLevel; format?: LogFormat } = {}) {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'text',
    ...settings,
    write: (line) => lines.push(line),
    nowMs: () => 0,
  });
  return { log, lines };
}

describe('createLog', () => {
  test('writes one line with the time, the level, the message and what belongs to it', () => {
    const { log, lines } = linesOf();
    log.info('A viewer connected.', { viewer: 'viewer-1', count: 3, left: undefined });
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z info A viewer connected. viewer=viewer-1 count=3']);
  });

  test('leaves out what is below its level', () => {
    const { log, lines } = linesOf({ level: 'warn' });
    log.debug('d');
    log.info('i');
    log.warn('w');
    log.error('e');
    expect(lines.map((line) => line.split(' ')[1])).toEqual(['warn', 'error']);
  });

  test('writes one JSON object a line for programs', () => {
    const { log, lines } = linesOf({ format: 'json' });
    log.error('Broken.', { producerId: 'a\nb', isOpen: false });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain('\n');
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'error',
      message: 'Broken.',
      producerId: 'a\nb',
      isOpen: false,
    });
  });

  test.each(['text', 'json'] as const)(
    'lets no peer fake a line, a field or a command to the terminal (%s)',
    (format) => {
      const { log, lines } = linesOf({ format });
      const value = 'x\n1970 error Fake. a=b \u001b[2J \u009b2J \u2028 \u202etxet';
      log.info('Said.', { value });
      log.warn(`Several speak as ${JSON.stringify(value)}.`, { value });
      for (const character of '\n\u001b\u009b\u2028\u202e') expect(lines.join('')).not.toContain(character);
      expect(lines[0]).toContain(format === 'text' ? 'value="x\\n1970' : '"value":"x\\n1970');
      if (format === 'json') expect(JSON.parse(lines[0] ?? '')).toMatchObject({ value });
    },
  );

  test('cuts what a peer made too long', () => {
    const text = linesOf();
    text.log.info('Said.', { value: 'y'.repeat(10_000) });
    expect(text.lines[0]?.length).toBeLessThan(400);
    const json = linesOf({ format: 'json' });
    json.log.info('Said.', { value: 'y'.repeat(10_000) });
    expect(json.lines[0]?.length).toBeLessThan(500);
  });
});

describe('silentLog', () => {
  test('takes everything and says nothing', () => {
    expect(() => silentLog.error('x')).not.toThrow();
  });
});
