import type { IterationPair } from '../protocol/wire/llm-iteration.ts';
import type { HubWork } from './hub-work.ts';
import { fillIterations } from './live/fill-iterations.ts';
import { logOf, type Whose } from './producer-log.ts';

/** Takes the iterations that a greeting repeats into the newest run; those that were news are to outlast the hub. */
export function fillGreeted(work: HubWork, { source, producer }: Whose, pairs: readonly IterationPair[]): void {
  const run = producer.live.runs.at(-1);
  const log = logOf(source, producer);
  if (run === undefined || log === undefined) return;
  const known = run.fillers.length;
  fillIterations(producer.live, pairs, work.changes);
  const { epoch, sequence } = log.eventsOfRun(log.runs().length - 1).at(-1) ?? run.begins;
  for (const pair of run.fillers.slice(known)) {
    work.logged.push({ kind: 'filled', producer: producer.key, after: { epoch, sequence }, pair });
  }
}
