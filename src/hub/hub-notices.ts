import type { HubWork } from './hub-work.ts';

/** How many notices are kept; the oldest goes first. */
const MAX_NOTICES = 20;

/** How much of a notice is kept, in characters: some repeat what peers say. */
export const NOTICE_MAX_CHARS = 500;

/** Tells the person something: a sentence. The same again, right after itself, is told once. */
export function addNotice(work: HubWork, text: string): void {
  const { state, nowMs } = work;
  const shown = text.length <= NOTICE_MAX_CHARS ? text : `${text.slice(0, NOTICE_MAX_CHARS - 1)}…`;
  if (state.notices.at(-1)?.text === shown) return;
  state.noticeCount += 1;
  const notice = { id: `n${state.noticeCount}`, atMs: nowMs, text: shown };
  state.notices = [...state.notices, notice].slice(-MAX_NOTICES);
  work.changes.push({ kind: 'attention' });
}
