/** How many events go into one record, and how much text: one record for 200 is written 180 times as fast as 200 records. */
export const CHUNK_EVENTS = 200;
export const CHUNK_CHARS = 256 * 1024;

/** One event as text, and its number in its life. */
export interface ChunkEntry {
  readonly sequence: number;
  readonly text: string;
}

/** The small records at the end of a run, which become one when enough have gathered. */
export interface ChunkTail {
  /** Under which numbers they lie. */
  readonly keys: readonly number[];
  readonly entries: readonly ChunkEntry[];
}

/** What to do with the records of one life of a run. */
export interface ChunkPlan {
  readonly deletes: readonly number[];
  readonly puts: readonly { readonly first: number; readonly texts: readonly string[] }[];
  readonly tail: ChunkTail | undefined;
}

const NO_TAIL: ChunkTail = { keys: [], entries: [] };

/**
 * Where new events go: into a small record of their own, until those and the small ones before them are enough for a full one.
 * So each event is written twice at most, however slowly they come.
 */
export function planChunks(added: readonly ChunkEntry[], tail: ChunkTail = NO_TAIL): ChunkPlan {
  const [firstAdded] = added;
  if (firstAdded === undefined) return { deletes: [], puts: [], tail };
  const entries = [...tail.entries, ...added];
  if (!isFull(entries)) {
    const put = { first: firstAdded.sequence, texts: added.map(({ text }) => text) };
    return { deletes: [], puts: [put], tail: { keys: [...tail.keys, put.first], entries } };
  }
  const slices = sliceFull([...entries].sort((a, b) => a.sequence - b.sequence));
  const puts = slices.map((slice) => ({ first: slice[0]?.sequence ?? 0, texts: slice.map(({ text }) => text) }));
  const kept = new Set(puts.map(({ first }) => first));
  const last = slices.at(-1) ?? [];
  return {
    deletes: tail.keys.filter((key) => !kept.has(key)),
    puts,
    tail: isFull(last) ? undefined : { keys: last.slice(0, 1).map(({ sequence }) => sequence), entries: last },
  };
}

function isFull(entries: readonly ChunkEntry[]): boolean {
  return entries.length >= CHUNK_EVENTS || entries.reduce((sum, { text }) => sum + text.length, 0) >= CHUNK_CHARS;
}

function sliceFull(entries: readonly ChunkEntry[]): ChunkEntry[][] {
  const slices: ChunkEntry[][] = [];
  let current: ChunkEntry[] = [];
  let chars = 0;
  for (const entry of entries) {
    current.push(entry);
    chars += entry.text.length;
    if (current.length < CHUNK_EVENTS && chars < CHUNK_CHARS) continue;
    slices.push(current);
    current = [];
    chars = 0;
  }
  if (current.length > 0) slices.push(current);
  return slices;
}
