import { readFileSync } from 'node:fs';

/** One line of a recording: `t` is milliseconds since the recording began. */
export interface RecordedLine {
  readonly t: number;
  readonly dir: string;
  readonly data: string;
}

/** The lines of `test/recordings/NAME.jsonl`. */
export function readRecording(name: string): RecordedLine[] {
  const text = readFileSync(new URL(`../recordings/${name}.jsonl`, import.meta.url), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordedLine);
}

/** The frames that the server sent, read as JSON, each with the time of its line. */
export function framesDown(name: string): { readonly t: number; readonly frame: Record<string, unknown> }[] {
  const down = readRecording(name).filter((line) => line.dir === 'down');
  return down.map(({ t, data }) => ({ t, frame: JSON.parse(data) as Record<string, unknown> }));
}
