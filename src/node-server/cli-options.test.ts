import { describe, expect, test } from 'vitest';
import { readCliOptions, usage } from './cli-options.ts';
import { DEFAULT_LIMITS, LIMIT_GROUPS, LIMIT_OPTIONS, type LimitName } from './relay-limits.ts';
import { DEFAULT_SETTINGS } from './relay-options.ts';

function relayOf(args: readonly string[], environment = {}) {
  const read = readCliOptions(args, environment);
  if (!read.ok || read.value.kind !== 'run') throw new Error(`Not to be run: ${JSON.stringify(read)}`);
  return read.value;
}

function problemOf(args: readonly string[], environment = {}): string {
  const read = readCliOptions(args, environment);
  if (read.ok) throw new Error('Nothing was wrong.');
  return read.error;
}

describe('usage', () => {
  test.each([
    ['--host NAME', '[localhost]'],
    ['--port N', '[7400]'],
    ['--data none', '[none]'],
    ['--allow-origin URL', '(repeatable)'],
    ['--allow-host NAME', '(repeatable)'],
    ['--no-auth', ''],
    ['--open', ''],
    ['--max-producers N', '[50]'],
    ['--max-connections N', '[1000]'],
    ['--max-runs N', '[10]'],
    ['--max-iterations N', '[5]'],
    ['--evict-after TIME', '[30m]'],
    ['--max-message-bytes SIZE', '[2M]'],
    ['--log-level LEVEL', '[info]'],
    ['--log-format FORMAT', '[text]'],
  ])('names %s with what holds unless it is given', (option, note) => {
    const line = usage()
      .split('\n')
      .find((candidate) => candidate.includes(`${option} `));
    expect(line).toContain(note);
  });

  test('stays readable: in groups, and no line is longer than a terminal is wide', () => {
    const lines = usage().split('\n');
    for (const title of Object.keys(LIMIT_GROUPS)) expect(lines).toContain(`${title}:`);
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });
});

describe('readCliOptions', () => {
  test('asks for nothing but the defaults when nothing is given', () => {
    const { relay, opensBrowser, logLevel, logFormat } = relayOf([]);
    expect(DEFAULT_SETTINGS).toMatchObject(relay);
    expect([opensBrowser, logLevel, logFormat]).toEqual([false, 'info', 'text']);
  });

  test('reads every option', () => {
    const args =
      '--host 0.0.0.0 --port 0 --data none --allow-origin https://A.example/x --allow-origin http://b.example:81';
    const more = '--allow-host c.example --no-auth --open --max-producers 7 --evict-after 2h --max-frame-bytes 1M';
    const rest = '--log-level debug --log-format json';
    expect(relayOf(`${args} ${more} ${rest}`.split(' '))).toEqual({
      kind: 'run',
      opensBrowser: true,
      logLevel: 'debug',
      logFormat: 'json',
      relay: {
        host: '0.0.0.0',
        port: 0,
        allowOrigins: ['https://a.example', 'http://b.example:81'],
        allowHosts: ['c.example'],
        noAuth: true,
        ...DEFAULT_LIMITS,
        maxProducers: 7,
        evictAfterMs: 7_200_000,
        maxFrameBytes: 1_048_576,
      },
    });
  });

  test.each(Object.keys(LIMIT_OPTIONS) as LimitName[])('reads %s by its option, and from the environment', (name) => {
    const { option, unit, standard } = LIMIT_OPTIONS[name];
    const [text, value] = ({ count: ['7', 7], bytes: ['7K', 7168], time: ['7s', 7000] } as const)[unit];
    expect(relayOf([]).relay[name]).toBe(standard);
    expect(relayOf([`--${option}`, text]).relay[name]).toBe(value);
    const variable = `ROSTRUM_${option.toUpperCase().replaceAll('-', '_')}`;
    expect(relayOf([], { [variable]: text }).relay[name]).toBe(value);
  });

  test('reads the environment, and lets the command line win over it', () => {
    const environment = {
      ROSTRUM_PORT: '7500',
      ROSTRUM_MAX_RUNS: '4',
      ROSTRUM_NO_AUTH: 'true',
      ROSTRUM_OPEN: '0',
      ROSTRUM_ALLOW_ORIGIN: 'http://a.example, http://b.example',
      ROSTRUM_LOG_FORMAT: '',
    };
    const read = relayOf(['--port', '7600'], environment);
    expect(read.relay).toMatchObject({ port: 7600, maxRuns: 4, noAuth: true });
    expect(read.relay.allowOrigins).toEqual(['http://a.example', 'http://b.example']);
    expect([read.opensBrowser, read.logFormat]).toEqual([false, 'text']);
  });

  test('asks for help or the version, whatever else there is', () => {
    expect(readCliOptions(['--help', '--port', 'x'], {})).toEqual({ ok: true, value: { kind: 'help' } });
    expect(readCliOptions(['--version'], {})).toEqual({ ok: true, value: { kind: 'version' } });
  });

  test.each([
    [['--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
    [['--port'], '--port'],
    [['--port', '65536'], '--port must be a number from 0 to 65535, and is "65536".'],
    [['--port', '-1'], '--port'],
    [['--port', '7e3'], '--port must be'],
    [['--data', '/tmp/log'], '--data can only be "none"'],
    [['--max-producers', '0'], '--max-producers must be'],
    [['--evict-after', '30'], '--evict-after must be a time'],
    [['--allow-origin', 'null'], '--allow-origin must be'],
    [['--allow-host', 'http://x'], '--allow-host must be'],
    [['--log-level', 'loud'], '--log-level must be one of'],
    [['--log-format', 'xml'], '--log-format must be one of'],
    [['--no-auth=1'], '--no-auth'],
  ])('refuses %j with a sentence that names it', (args, said) => {
    expect(problemOf(args)).toContain(said);
  });

  test('names the variable that is wrong', () => {
    expect(problemOf([], { ROSTRUM_PORT: 'x' })).toContain('ROSTRUM_PORT must be');
    expect(problemOf([], { ROSTRUM_OPEN: 'maybe' })).toContain('ROSTRUM_OPEN is a switch');
  });
});
