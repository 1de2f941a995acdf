import type { ViewData, ViewName, ViewPatch } from './view-data.ts';

interface LooseView {
  head: unknown;
  entities: Record<string, Record<string, Record<string, unknown>>>;
}

type LoosePatch =
  | { op: 'head'; head: unknown }
  | { op: 'upsert'; collection: string; entity: Record<string, unknown> & { id: string } }
  | { op: 'remove'; collection: string; id: string }
  | { op: 'append'; collection: string; id: string; field: string; text: string };

/**
 * Applies patches to a view in place, in order; the one place that knows what a patch means, used by tabs and by the tests of
 * the hub. A patch for an entity that is not there (`append`, `remove`) does nothing: the stream's numbers, not this function,
 * notice loss.
 */
export function applyViewPatches<V extends ViewName>(view: ViewData<V>, patches: readonly ViewPatch<V>[]): void {
  // The patch's type ties collection and entity together for those who write patches; applying them needs only the shape.
  const target = view as unknown as LooseView;
  for (const patch of patches as unknown as readonly LoosePatch[]) {
    if (patch.op === 'head') target.head = patch.head;
    else applyToCollection(target.entities[patch.collection], patch);
  }
}

function applyToCollection(
  collection: Record<string, Record<string, unknown>> | undefined,
  patch: Exclude<LoosePatch, { op: 'head' }>,
): void {
  if (collection === undefined) return;
  if (patch.op === 'upsert') collection[patch.entity.id] = patch.entity;
  else if (patch.op === 'remove') delete collection[patch.id];
  else appendText(collection, patch);
}

/** Replaces the entity instead of writing into it: a store then sees one changed entry, and nobody else's copy changes. */
function appendText(
  collection: Record<string, Record<string, unknown>>,
  patch: { id: string; field: string; text: string },
): void {
  const entity = collection[patch.id];
  const before = entity?.[patch.field];
  if (typeof before === 'string') collection[patch.id] = { ...entity, [patch.field]: before + patch.text };
}
