import { createServer } from 'node:http';
import { describe, expect, test } from 'vitest';
import { type CliEnvironment, runCli } from './run-cli.ts';
import { listenLocally, shutDown } from './test-support/http-harness.ts';

/** Runs the command line in a process that is not there; `whenReady` sees its address and lets it end. */
async function run(args: readonly string[], whenReady: (url: string) => Promise<void> = async () => undefined) {
  const out: string[] = [];
  const errors: string[] = [];
  const opened: string[] = [];
  let end: () => void = () => undefined;
  const environment: CliEnvironment = {
    args,
    environment: {},
    version: '1.2.3',
    webFolder: '/nowhere/at/all',
    writeOut: (text) => {
      out.push(text);
      const url = /ready on (\S+)/.exec(text)?.[1];
      if (url !== undefined) void whenReady(url).finally(() => end());
    },
    writeError: (text) => errors.push(text),
    onSignal: (stop) => {
      end = stop;
    },
    openBrowser: (url) => opened.push(url),
  };
  const code = await runCli(environment);
  return { code, out: out.join(''), errors: errors.join(''), opened };
}

describe('runCli', () => {
  test('says where it serves, serves there, and ends with 0 when it is asked to', async () => {
    let status: unknown;
    const result = await run(['--port', '0'], async (url) => {
      status = await (await fetch(`${url}/api/status`)).json();
    });
    expect(result.code).toBe(0);
    expect(result.out).toMatch(/^Rostrum 1\.2\.3 ready on http:\/\/localhost:\d+\n$/);
    expect(status).toMatchObject({ status: 'running', version: '1.2.3' });
    expect(result.opened).toEqual([]);
  });

  test('opens the page on demand', async () => {
    const { opened, out } = await run(['--port', '0', '--open']);
    expect(opened).toEqual([/ready on (\S+)/.exec(out)?.[1]]);
  });

  test('ends with 2 and the usage for a wrong option', async () => {
    const { code, out, errors } = await run(['--prot', '0']);
    expect([code, out]).toEqual([2, '']);
    expect(errors).toMatch(/^.*--prot.*\n\nUsage: /);
  });

  test('ends with 1 and one sentence when it cannot start', async () => {
    const taken = createServer();
    const port = await listenLocally(taken);
    const inUse = await run(['--port', String(port)]);
    await shutDown(taken);
    expect([inUse.code, inUse.out]).toEqual([1, '']);
    expect(inUse.errors).toMatch(/^Port \d+ of localhost is already in use: [^\n]+\.\n$/);
    const unguarded = await run(['--port', '0', '--host', '0.0.0.0']);
    expect([unguarded.code, unguarded.out]).toEqual([1, '']);
    expect(unguarded.errors).toMatch(/^[^\n]*--no-auth[^\n]*\.\n$/);
  });

  test('says what it can do, and which version it is, and ends with 0', async () => {
    expect(await run(['--help'])).toMatchObject({ code: 0, out: expect.stringMatching(/^Usage: /), errors: '' });
    expect(await run(['--version'])).toMatchObject({ code: 0, out: 'Rostrum 1.2.3\n' });
  });

  test('logs one JSON object a line if it is told to', async () => {
    const { errors } = await run(['--port', '0', '--host', '0.0.0.0', '--no-auth', '--log-format', 'json']);
    const lines = errors.trimEnd().split('\n');
    const levels = lines.map((line) => (JSON.parse(line) as { level: string }).level);
    expect(levels[0]).toBe('warn');
    expect(new Set(levels.slice(1))).toEqual(new Set(['info']));
    const quiet = await run(['--port', '0', '--host', '0.0.0.0', '--no-auth', '--log-level', 'error']);
    expect(quiet.errors).toBe('');
  });
});
