import { type Body, type BodyRef, BODY_PREVIEW_CHARS } from '../../protocol/tab/body.ts';
import { bodyText } from '../live/body-text.ts';
import type { RunState } from '../run-state.ts';

/** A part of something in a run as a view carries it, or `undefined` where there is no such text. */
export function bodyOf(run: RunState, id: string, part: string): Body | undefined {
  const text = bodyText(run, id, part);
  return text === undefined ? undefined : previewBody(text, bodyRef(run, id, part));
}

/** What to hand to `read` for a part of something in a run. */
export function bodyRef(run: RunState, id: string, part: string): BodyRef {
  return `${run.key}/${id}/${part}`;
}

/** A text as a view carries it: cut at `BODY_PREVIEW_CHARS`, never inside a character, with `ref` to ask for the rest. */
export function previewBody(text: string, ref: string): Body {
  const totalChars = text.length;
  if (totalChars <= BODY_PREVIEW_CHARS) return { text, totalChars };
  const isInsideCharacter = isHighSurrogate(text.charCodeAt(BODY_PREVIEW_CHARS - 1));
  return { text: text.slice(0, BODY_PREVIEW_CHARS - Number(isInsideCharacter)), totalChars, ref };
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
