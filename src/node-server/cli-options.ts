import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../protocol/result.ts';
import { formatByteSize } from './byte-size.ts';
import { formatDuration } from './duration.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from './log.ts';
import {
  type Reader,
  readAllowedHost,
  readBytes,
  readCount,
  readData,
  readDuration,
  readHost,
  readNumber,
  readOneOf,
  readOrigin,
} from './option-readers.ts';
import { LIMIT_GROUPS, LIMIT_OPTIONS, type LimitOption, type LimitUnit, readLimits } from './relay-limits.ts';
import { DEFAULT_SETTINGS, type RelayOptions } from './relay-options.ts';

/** What the command line asks for. */
export type CliRequest =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | {
      readonly kind: 'run';
      readonly relay: RelayOptions;
      readonly opensBrowser: boolean;
      readonly logLevel: LogLevel;
      readonly logFormat: LogFormat;
    };

interface OptionHelp {
  /** What stands behind the option; absent if it is a switch. */
  readonly value?: string;
  readonly repeats?: true;
  readonly help: string;
  readonly standard?: string;
}

/** Where the help of an option begins. */
const USAGE_COLUMN = 34;

/** How each unit of a limit is written on the command line. */
const UNITS: Readonly<
  Record<
    LimitUnit,
    { readonly value: string; readonly read: Reader<number>; readonly format: (value: number) => string }
  >
> = {
  count: { value: 'N', read: readCount, format: String },
  bytes: { value: 'SIZE', read: readBytes, format: formatByteSize },
  time: { value: 'TIME', read: readDuration, format: formatDuration },
};

const GENERAL = {
  host: { value: 'NAME', help: 'where to listen; localhost is 127.0.0.1 and ::1', standard: DEFAULT_SETTINGS.host },
  port: { value: 'N', help: 'port to listen on; 0 takes any free one', standard: String(DEFAULT_SETTINGS.port) },
  data: { value: 'none', help: 'where to keep the log; only "none", in memory, for now', standard: 'none' },
  'allow-origin': {
    value: 'URL',
    repeats: true,
    help: 'origin of a page that may connect, such as https://example.org',
  },
  'allow-host': { value: 'NAME', repeats: true, help: 'host name that the relay goes by besides localhost' },
  'no-auth': { help: 'listen where other machines can reach it, because something in front guards it' },
  open: { help: 'open the page in the browser' },
  'log-level': { value: 'LEVEL', help: LOG_LEVELS.join(', '), standard: 'info' },
  'log-format': { value: 'FORMAT', help: LOG_FORMATS.join(', '), standard: 'text' },
  version: { help: 'say the version and end' },
  help: { help: 'say this and end' },
} as const satisfies Record<string, OptionHelp>;

type OptionName = keyof typeof GENERAL | (typeof LIMIT_OPTIONS)[keyof typeof LIMIT_OPTIONS]['option'];

/** Every option by what it is about, in the order of the help. Each may also be set as `ROSTRUM_…` in the environment. */
const GROUPS: readonly (readonly [title: string, options: readonly (readonly [name: string, help: OptionHelp])[]])[] = [
  ['Options', Object.entries(GENERAL)],
  ...Object.entries(LIMIT_GROUPS).map(([title, limits]) => [title, Object.values(limits).map(limitHelp)] as const),
];
const OPTIONS: ReadonlyMap<string, OptionHelp> = new Map(GROUPS.flatMap(([, options]) => options));

function limitHelp({ option, unit, standard, help }: LimitOption): readonly [name: string, help: OptionHelp] {
  const { value, format } = UNITS[unit];
  return [option, { value, help, standard: format(standard) }];
}

/** What `--help` says. */
export function usage(): string {
  const groups = GROUPS.flatMap(([title, options]) => [`${title}:`, ...options.map(usageLine), '']);
  return [
    'Usage: node relay.js [options]',
    '',
    'Takes events from agent processes and shows them to everyone who looks.',
    '',
    ...groups,
    `Each option may also be set in the environment: ${environmentName('port')}=7400, ${environmentName('no-auth')}=1,`,
    'lists with commas. What stands on the command line wins. A TIME is like 500ms, 90s, 30m or 2h, a SIZE in',
    'bytes like 65536, 512K or 8M. docs/operations.md says more of each.',
    '',
  ].join('\n');
}

function usageLine([name, { value, repeats, help, standard }]: readonly [name: string, help: OptionHelp]): string {
  const left = `  --${name}${value === undefined ? '' : ` ${value}`}`;
  const notes = [standard === undefined ? '' : ` [${standard}]`, repeats ? ' (repeatable)' : ''].join('');
  return `${left.padEnd(USAGE_COLUMN)} ${help}${notes}`;
}

/**
 * Reads the command line and the environment.
 *
 * @returns the request, or a sentence that says which option is wrong and why
 */
export function readCliOptions(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Result<CliRequest, string> {
  const parsed = parseCommandLine(args);
  if (!parsed.ok) return parsed;
  const given = new GivenOptions(parsed.value, environment);
  if (given.isOn('help')) return ok({ kind: 'help' });
  if (given.isOn('version')) return ok({ kind: 'version' });
  given.one('data', readData, 'none');
  const request: CliRequest = {
    kind: 'run',
    relay: readRelayOptions(given),
    opensBrowser: given.isOn('open'),
    logLevel: given.one('log-level', readOneOf(LOG_LEVELS), 'info'),
    logFormat: given.one('log-format', readOneOf(LOG_FORMATS), 'text'),
  };
  return given.problem === undefined ? ok(request) : err(given.problem);
}

function readRelayOptions(given: GivenOptions): RelayOptions {
  return {
    host: given.one('host', readHost, DEFAULT_SETTINGS.host),
    port: given.one('port', readNumber(0, 65_535), DEFAULT_SETTINGS.port),
    allowOrigins: given.many('allow-origin', readOrigin),
    allowHosts: given.many('allow-host', readAllowedHost),
    noAuth: given.isOn('no-auth'),
    ...readLimits((name) => {
      const { option, unit, standard } = LIMIT_OPTIONS[name];
      return given.one(option, UNITS[unit].read, standard);
    }),
  };
}

type ParsedValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parseCommandLine(args: readonly string[]): Result<ParsedValues, string> {
  const options = [...OPTIONS].map(([name, { value, repeats }]) => {
    return [name, { type: value === undefined ? 'boolean' : 'string', multiple: repeats ?? false }] as const;
  });
  try {
    return ok(parseArgs({ args: [...args], options: Object.fromEntries(options), strict: true }).values);
  } catch (error) {
    // Some sentences of the parser go on with advice about programs that take file names; ours takes none.
    return err(error instanceof Error ? `${error.message.split('. ')[0]?.replace(/\.$/, '')}.` : String(error));
  }
}

/** What was given for each option, by the command line or else by the environment. Remembers the first problem. */
class GivenOptions {
  readonly #values: ParsedValues;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #problem: string | undefined;

  constructor(values: ParsedValues, environment: Readonly<Record<string, string | undefined>>) {
    this.#values = values;
    this.#environment = environment;
  }

  get problem(): string | undefined {
    return this.#problem;
  }

  isOn(name: OptionName): boolean {
    if (this.#values[name] === true) return true;
    const text = this.#fromEnvironment(name)?.toLowerCase();
    if (text === undefined || ['0', 'false', 'no'].includes(text)) return false;
    if (!['1', 'true', 'yes'].includes(text)) this.#complain(`${environmentName(name)} is a switch: 1 or 0.`);
    return true;
  }

  one<T>(name: OptionName, read: Reader<T>, standard: T): T {
    const value = this.#values[name];
    if (typeof value === 'string') return this.#read(`--${name}`, value, read) ?? standard;
    const text = this.#fromEnvironment(name);
    return text === undefined ? standard : (this.#read(environmentName(name), text, read) ?? standard);
  }

  many<T>(name: OptionName, read: Reader<T>): T[] {
    const value = this.#values[name];
    const isGiven = Array.isArray(value);
    const texts = isGiven ? value.map(String) : (this.#fromEnvironment(name)?.split(',') ?? []);
    const from = isGiven ? `--${name}` : environmentName(name);
    return texts.map((text) => this.#read(from, text.trim(), read)).filter((item) => item !== undefined);
  }

  #read<T>(from: string, text: string, read: Reader<T>): T | undefined {
    const result = read(text);
    if (result.ok) return result.value;
    this.#complain(`${from} ${result.error}, and is ${JSON.stringify(text)}.`);
    return undefined;
  }

  #complain(sentence: string): void {
    this.#problem ??= sentence;
  }

  #fromEnvironment(name: OptionName): string | undefined {
    const text = this.#environment[environmentName(name)];
    return text === '' ? undefined : text;
  }
}

function environmentName(option: OptionName): string {
  return `ROSTRUM_${option.toUpperCase().replaceAll('-', '_')}`;
}
