import { readFileSync } from 'node:fs';

/** One line of a recording of a hub: what crossed a connection, and when. */
export interface RecordedLine {
  /** Milliseconds since the recording began. */
  readonly t: number;
  /** `down` from the server, `up` to it; the rest names itself. */
  readonly dir: 'down' | 'up' | 'open' | 'close' | 'http' | 'http-response';
  readonly data?: string;
  /** Numbers the connections of a recording. */
  readonly socket?: number;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The lines of a recording in `test/recordings`. */
export function readHubRecording(name: string): RecordedLine[] {
  const text = readFileSync(new URL(`../../../test/recordings/${name}`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordedLine);
}
