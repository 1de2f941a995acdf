/** How much is written, from the least to the most. */
export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** How a line looks: for people, or one JSON object for programs. */
export const LOG_FORMATS = ['text', 'json'] as const;

/** One of {@link LOG_FORMATS}. */
export type LogFormat = (typeof LOG_FORMATS)[number];

/** What a line says beside its message. Values may come from peers; the log makes them harmless. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the relay says what happens to it. One call, one line. */
export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

/** How a {@link createLog log} writes. */
export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  /** Takes one line, without its end. */
  readonly write: (line: string) => void;
  readonly nowMs: () => number;
}

/** The longest value of a field, in characters: a peer must not be able to fill the log with one frame. */
const VALUE_MAX_CHARS = 300;

/** A log that leaves out what is below its level. */
export function createLog(settings: LogSettings): Log {
  const highest = LOG_LEVELS.indexOf(settings.level);
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (LOG_LEVELS.indexOf(level) > highest) return;
    const line = { time: new Date(settings.nowMs()).toISOString(), level, message };
    settings.write(escapeControls(settings.format === 'json' ? jsonLine(line, fields) : textLine(line, fields)));
  };
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') };
}

/** A log that says nothing. */
export const silentLog: Log = createLog({ level: 'silent', format: 'text', write: () => undefined, nowMs: () => 0 });

interface Line {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

function jsonLine(line: Line, fields: LogFields = {}): string {
  const cut = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.slice(0, VALUE_MAX_CHARS) : value,
  ]);
  return JSON.stringify({ ...line, ...Object.fromEntries(cut) });
}

/** Values are quoted as JSON where they hold more than a plain word, so that none can fake a line or a field. */
function textLine({ time, level, message }: Line, fields: LogFields = {}): string {
  const said = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${quoted(String(value))}`);
  return `${time} ${level} ${message}${said.join('')}`;
}

function quoted(value: string): string {
  const cut = value.slice(0, VALUE_MAX_CHARS);
  return /^[\w.:/@-]+$/.test(cut) ? cut : JSON.stringify(cut);
}

/** JSON leaves the C1 controls alone, which a terminal obeys, and the marks that turn text round. */
function escapeControls(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
