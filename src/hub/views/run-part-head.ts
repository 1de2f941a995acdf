import type { RunPartHead } from '../../protocol/tab/conversation-model.ts';
import type { RunState } from '../run-state.ts';

/** Which run a part shows. */
export function runPartHead(_source: unknown, run: RunState | undefined): RunPartHead {
  return run === undefined ? {} : { run: run.key };
}
