import type { DemoScript } from './demo-step.ts';

/** A script as it is written down: a member of a step that is the name of a part stands for that part. */
interface DemoFile {
  readonly totalTasks: number;
  readonly workflow: string;
  readonly parts: Readonly<Record<string, unknown>>;
  readonly steps: readonly Readonly<Record<string, unknown>>[];
}

/**
 * The script that a file of the demo holds. A part is the same object wherever it is named.
 *
 * @throws when the text is no such file: it comes with the page, so that this means that it has not arrived
 */
export function readDemoScript(text: string): DemoScript {
  const { parts, steps, ...rest } = JSON.parse(text) as DemoFile;
  const named = new Map<unknown, unknown>(Object.entries(parts));
  const resolve = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(resolve) : (named.get(value) ?? value);
  const resolved = steps.map((step) =>
    Object.fromEntries(Object.entries(step).map(([name, value]) => [name, resolve(value)])),
  );
  return { ...rest, steps: resolved as unknown as DemoScript['steps'] };
}
