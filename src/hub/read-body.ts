import type { BodyRef } from '../protocol/tab/body.ts';
import type { LiveState } from './live-state.ts';
import { bodyText } from './live/body-text.ts';

/** The whole text that a body of a view stands for; `undefined` when its run is not kept any more. */
export function readBody(live: LiveState, ref: BodyRef): string | undefined {
  const [key, id = '', part = ''] = ref.split('/');
  const run = live.runs.find((each) => each.key === key);
  return run === undefined ? undefined : bodyText(run, id, part);
}
