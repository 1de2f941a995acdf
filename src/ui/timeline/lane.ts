import type { TaskEntity, TaskWord } from '../../protocol/tab/run-model.ts';
import {
  appendSpan,
  emptyTrack,
  findTrack,
  isInTheWay,
  packSpan,
  shapeOf,
  type Block,
  type Row,
  type Track,
  type TrackShape,
} from './lane-layout.ts';
import { byStart } from './span.ts';
import type { Span } from './span.ts';

/** Two lines of label fit into a lane of this height, px. */
const LEAST_LANE_PX = 44;

/** A task as its lane knows it: its block, and the entity that is shown. */
export interface TaskBlock extends Block {
  entity: TaskEntity;
}

/** A track with its shape and its place below the lane's top. */
export interface PlacedTrack {
  readonly track: Track;
  readonly shape: TrackShape;
  readonly topPx: number;
}

/** Which of a block's small rows a span belongs to. */
export type SmallKind = 'waits' | 'iterations' | 'delegations' | 'tools';

/**
 * One agent's lane. What comes at the end is put into place at once; what comes out of order only marks the lane, which is then packed again
 * as a whole when it is next read: one task's change never lays out the others.
 */
export class Lane {
  readonly role: string;
  readonly #blocks = new Set<TaskBlock>();
  readonly #loose = { iterations: [] as Span[], tools: [] as Span[] };
  readonly #counts = new Map<TaskWord, number>();
  #tracks: Track[] = [];
  #looseTrack = emptyTrack();
  #placed: PlacedTrack[] | undefined;
  #heightPx = 0;
  #mustPack = false;

  constructor(role: string) {
    this.role = role;
  }

  get heightPx(): number {
    this.#place();
    return this.#heightPx;
  }

  get taskCount(): number {
    return this.#blocks.size;
  }

  /** How many of its tasks are in a state. */
  countOf(state: TaskWord): number {
    return this.#counts.get(state) ?? 0;
  }

  /** One of its tasks, for a lane that has only one to name. */
  anyTask(): TaskEntity | undefined {
    const [first] = this.#blocks;
    return first?.entity;
  }

  tracks(): readonly PlacedTrack[] {
    return this.#place();
  }

  add(block: TaskBlock): void {
    this.#blocks.add(block);
    this.#count(block.entity.state, 1);
    this.#putBlock(block);
    this.#placed = undefined;
  }

  /** Says that a block's task changed from `before`; `moved` where its beginning did, which its place depends on. */
  changed(block: TaskBlock, before: TaskWord, moved: boolean): void {
    this.#count(before, -1);
    this.#count(block.entity.state, 1);
    this.#check(block, moved);
  }

  remove(block: TaskBlock): void {
    if (this.#blocks.delete(block)) this.#count(block.entity.state, -1);
    this.repack();
  }

  /** A small span of one of its tasks is there. */
  addSmall(block: TaskBlock, kind: SmallKind, span: Span): void {
    block[kind].push(span);
    const track = block.track === undefined ? undefined : this.#tracks[block.track];
    if (track === undefined || !putSmall(track, kind, span)) this.repack();
    if (kind === 'waits') this.#check(block, false);
    this.#placed = undefined;
  }

  /** A small span that belongs to no task of this lane: what an agent does for another one. */
  addLoose(kind: 'iterations' | 'tools', span: Span): void {
    this.#loose[kind].push(span);
    if (!putSmall(this.#looseTrack, kind, span)) this.repack();
    this.#placed = undefined;
  }

  removeLoose(kind: 'iterations' | 'tools', span: Span): void {
    const index = this.#loose[kind].indexOf(span);
    if (index >= 0) this.#loose[kind].splice(index, 1);
    this.repack();
  }

  /** Everything is laid out anew when it is next read. */
  repack(): void {
    this.#mustPack = true;
    this.#placed = undefined;
  }

  #count(state: TaskWord, by: number): void {
    this.#counts.set(state, this.countOf(state) + by);
  }

  #check(block: TaskBlock, moved: boolean): void {
    const track = block.track === undefined ? undefined : this.#tracks[block.track];
    if (moved || track === undefined || isInTheWay(track, block)) this.repack();
  }

  #putBlock(block: TaskBlock): void {
    const index = findTrack(this.#tracks, block);
    if (index === undefined) return this.repack();
    const track = this.#tracks[index] ?? emptyTrack();
    this.#tracks[index] = track;
    Object.assign(block, { track: index });
    track.blocks.push(block);
    if (!appendSpan(track.tasks, block.span)) this.repack();
    return undefined;
  }

  #place(): readonly PlacedTrack[] {
    if (this.#mustPack) this.#packAll();
    if (this.#placed !== undefined) return this.#placed;
    const loose = this.#looseTrack;
    const hasLoose = loose.iterations.length > 0 || loose.tools.spans.length > 0;
    let topPx = 0;
    this.#placed = [...this.#tracks, ...(hasLoose ? [loose] : [])].map((track) => {
      const placed = { track, shape: shapeOf(track), topPx };
      topPx += placed.shape.heightPx;
      return placed;
    });
    this.#heightPx = Math.max(LEAST_LANE_PX, topPx);
    return this.#placed;
  }

  #packAll(): void {
    this.#tracks = [];
    this.#looseTrack = emptyTrack();
    const blocks = [...this.#blocks].sort((a, b) => byStart(a.span, b.span));
    for (const block of blocks) this.#putBlock(block);
    for (const kind of ['waits', 'iterations', 'delegations', 'tools'] as const) {
      for (const track of this.#tracks) {
        const spans = track.blocks.flatMap((block) => block[kind]).sort(byStart);
        for (const span of spans) putSmall(track, kind, span);
      }
    }
    for (const kind of ['iterations', 'tools'] as const) {
      for (const span of this.#loose[kind].sort(byStart)) putSmall(this.#looseTrack, kind, span);
    }
    this.#mustPack = false;
  }
}

function putSmall(track: Track, kind: SmallKind, span: Span): boolean {
  const rows: Row | Row[] = track[kind];
  return Array.isArray(rows) ? packSpan(rows, span) : appendSpan(rows, span);
}
