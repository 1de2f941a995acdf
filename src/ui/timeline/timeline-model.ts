import type { GapEntity, ReviewWaitEntity, TaskEntity } from '../../protocol/tab/run-model.ts';
import type { ViewData, ViewEntities, ViewPatch } from '../../protocol/tab/view-data.ts';
import { Lane } from './lane.ts';
import type { SmallKind, TaskBlock } from './lane.ts';
import { byStart } from './span.ts';
import type { Span } from './span.ts';
import { spanOfDelegation, spanOfIteration, spanOfTask, spanOfTool, spanOfWait } from './span-of-entity.ts';

type Collection = keyof ViewEntities<'run'>;
type SmallCollection = 'toolMarks' | 'delegations' | 'iterations' | 'waits';
type SmallEntity = ViewEntities<'run'>[SmallCollection];

const SMALL_KINDS: Record<SmallCollection, SmallKind> = {
  toolMarks: 'tools',
  delegations: 'delegations',
  iterations: 'iterations',
  waits: 'waits',
};

/** Tasks first: what is small is put below them. Then waits, which make tasks longer. */
const READ_ORDER: readonly Collection[] = ['tasks', 'waits', 'delegations', 'iterations', 'toolMarks', 'gaps'];

/** Where a small span was put, to find it again. */
interface Small {
  readonly span: Span;
  readonly kind: SmallKind;
  readonly lane: Lane;
  readonly block: TaskBlock | undefined;
}

/**
 * The timeline of one run, laid out: lanes of agents, tracks of tasks, rows of what is below them. It is kept from the patches of the run's
 * view, each at a cost that does not depend on how many tasks there are, so long as they come in order.
 */
export class TimelineModel {
  #lanes = new Map<string, Lane>();
  #blocks = new Map<string, TaskBlock>();
  #pending = new Map<string, TaskEntity>();
  #small = new Map<string, Small>();
  #waits = new Map<string, ReviewWaitEntity>();
  #gaps = new Map<string, GapEntity>();
  #ordered: TaskBlock[] | undefined;
  #startMs = Infinity;
  #latestMs = -Infinity;

  /** Begins anew with a whole view, or with nothing. */
  reset(view: ViewData<'run'> | undefined): void {
    this.#lanes = new Map();
    this.#blocks = new Map();
    this.#pending = new Map();
    this.#small = new Map();
    this.#waits = new Map();
    this.#gaps = new Map();
    this.#ordered = undefined;
    this.#startMs = Infinity;
    this.#latestMs = -Infinity;
    if (view === undefined) return;
    for (const collection of READ_ORDER) {
      const entities = Object.values(view.entities[collection]).sort((a, b) => a.order - b.order);
      for (const entity of entities) this.#upsert(collection, entity);
    }
  }

  apply(patches: readonly ViewPatch<'run'>[]): void {
    for (const collection of READ_ORDER) {
      for (const patch of patches) {
        if (patch.op === 'head' || patch.collection !== collection) continue;
        if (patch.op === 'upsert') this.#upsert(collection, patch.entity);
        else if (patch.op === 'remove') this.#remove(collection, patch.id);
      }
    }
  }

  /** Lanes in the order in which agents appeared. */
  lanes(): readonly Lane[] {
    return [...this.#lanes.values()];
  }

  gaps(): readonly GapEntity[] {
    return [...this.#gaps.values()];
  }

  /** Tasks that are known and have no place in time yet. */
  pending(): readonly TaskEntity[] {
    return [...this.#pending.values()];
  }

  task(id: string): TaskEntity | undefined {
    return this.#blocks.get(id)?.entity ?? this.#pending.get(id);
  }

  block(id: string): TaskBlock | undefined {
    return this.#blocks.get(id);
  }

  wait(id: string): ReviewWaitEntity | undefined {
    return this.#waits.get(id);
  }

  /** Every task that has a place in time, in the order of time. */
  inTimeOrder(): readonly TaskBlock[] {
    this.#ordered ??= [...this.#blocks.values()].sort((a, b) => byStart(a.span, b.span));
    return this.#ordered;
  }

  /** From the first to the last known instant, ms since the Unix epoch; undefined while there is nothing. */
  knownTime(): { startMs: number; latestMs: number } | undefined {
    return this.#startMs === Infinity ? undefined : { startMs: this.#startMs, latestMs: this.#latestMs };
  }

  #upsert(collection: Collection, entity: ViewEntities<'run'>[Collection]): void {
    if (collection === 'tasks') this.#putTask(entity as TaskEntity);
    else if (collection === 'gaps') this.#putGap(entity as GapEntity);
    else this.#putSmall(collection, entity as SmallEntity);
  }

  #putTask(task: TaskEntity): void {
    const known = this.#blocks.get(task.id);
    const span = spanOfTask(task, known?.waits[0]?.startMs);
    this.#pending.delete(task.id);
    if (span === undefined) this.#pending.set(task.id, task);
    else if (known === undefined) this.#addBlock(task, span);
    else this.#changeBlock(known, task, span);
    if (span !== undefined) this.#noteTime(span);
  }

  #addBlock(entity: TaskEntity, span: Span): TaskBlock {
    const block: TaskBlock = {
      entity,
      span,
      waits: [],
      iterations: [],
      delegations: [],
      tools: [],
      track: undefined,
    };
    this.#blocks.set(entity.id, block);
    this.#lane(entity.agentRole).add(block);
    this.#noteOrder(block);
    return block;
  }

  #changeBlock(block: TaskBlock, entity: TaskEntity, span: Span): void {
    const before = block.entity;
    if (before.agentRole !== entity.agentRole) {
      this.#lane(before.agentRole).remove(block);
      Object.assign(block, { entity });
      Object.assign(block.span, span);
      this.#lane(entity.agentRole).add(block);
      return;
    }
    const moved = block.span.startMs !== span.startMs;
    Object.assign(block.span, span);
    Object.assign(block, { entity });
    this.#lane(entity.agentRole).changed(block, before.state, moved);
    if (moved) this.#ordered = undefined;
  }

  #putSmall(collection: SmallCollection, entity: SmallEntity): void {
    const span = smallSpanOf(collection, entity);
    if (collection === 'waits') this.#noteWait(entity as ReviewWaitEntity);
    this.#noteTime(span);
    const key = `${collection} ${entity.id}`;
    const known = this.#small.get(key);
    if (known === undefined) this.#addSmall(collection, entity, span);
    else this.#changeSmall(known, span);
  }

  #addSmall(collection: SmallCollection, entity: SmallEntity, span: Span): void {
    const kind = SMALL_KINDS[collection];
    const owner = span.taskId === undefined ? undefined : this.#blocks.get(span.taskId);
    const role = 'agentRole' in entity ? entity.agentRole : undefined;
    // What another agent does for a task stands in that agent's own lane.
    const block = role === undefined || role === owner?.entity.agentRole ? owner : undefined;
    const laneRole =
      block?.entity.agentRole ?? role ?? ('delegatingRole' in entity ? entity.delegatingRole : undefined);
    if (laneRole === undefined) return;
    const lane = this.#lane(laneRole);
    this.#small.set(`${collection} ${entity.id}`, { span, kind, lane, block });
    if (block !== undefined) lane.addSmall(block, kind, span);
    else lane.addLoose(kind === 'tools' ? 'tools' : 'iterations', span);
  }

  #changeSmall(known: Small, span: Span): void {
    const moved = known.span.startMs !== span.startMs;
    Object.assign(known.span, span);
    if (moved) known.lane.repack();
    else if (known.kind === 'waits' && known.block !== undefined) {
      known.lane.changed(known.block, known.block.entity.state, false);
    }
  }

  /** A wait of a task that has not begun gives that task its place. */
  #noteWait(wait: ReviewWaitEntity): void {
    this.#waits.set(wait.id, wait);
    const task = wait.taskId === undefined ? undefined : this.#pending.get(wait.taskId);
    const span = task === undefined ? undefined : spanOfTask(task, wait.fromMs);
    if (task === undefined || span === undefined) return;
    this.#pending.delete(task.id);
    this.#addBlock(task, span);
  }

  #putGap(gap: GapEntity): void {
    this.#gaps.set(gap.id, gap);
  }

  #remove(collection: Collection, id: string): void {
    if (collection === 'gaps') this.#gaps.delete(id);
    else if (collection === 'tasks') this.#removeTask(id);
    else this.#removeSmall(collection, id);
  }

  #removeTask(id: string): void {
    const block = this.#blocks.get(id);
    this.#pending.delete(id);
    this.#blocks.delete(id);
    if (block === undefined) return;
    this.#lane(block.entity.agentRole).remove(block);
    this.#ordered = undefined;
    for (const [key, small] of this.#small) if (small.block === block) this.#small.delete(key);
  }

  #removeSmall(collection: SmallCollection, id: string): void {
    const key = `${collection} ${id}`;
    const known = this.#small.get(key);
    this.#small.delete(key);
    if (collection === 'waits') this.#waits.delete(id);
    if (known === undefined) return;
    const { block, kind, lane, span } = known;
    if (block === undefined) return lane.removeLoose(kind === 'tools' ? 'tools' : 'iterations', span);
    const index = block[kind].indexOf(span);
    if (index >= 0) block[kind].splice(index, 1);
    return lane.repack();
  }

  #lane(role: string): Lane {
    let lane = this.#lanes.get(role);
    if (lane === undefined) {
      lane = new Lane(role);
      this.#lanes.set(role, lane);
    }
    return lane;
  }

  #noteTime(span: Span): void {
    this.#startMs = Math.min(this.#startMs, span.startMs);
    this.#latestMs = Math.max(this.#latestMs, span.startMs, span.endMs ?? -Infinity);
  }

  #noteOrder(block: TaskBlock): void {
    const last = this.#ordered?.at(-1);
    if (this.#ordered === undefined || (last !== undefined && byStart(last.span, block.span) > 0)) {
      this.#ordered = undefined;
    } else this.#ordered.push(block);
  }
}

function smallSpanOf(collection: SmallCollection, entity: SmallEntity): Span {
  switch (collection) {
    case 'toolMarks':
      return spanOfTool(entity as ViewEntities<'run'>['toolMarks']);
    case 'delegations':
      return spanOfDelegation(entity as ViewEntities<'run'>['delegations']);
    case 'iterations':
      return spanOfIteration(entity as ViewEntities<'run'>['iterations']);
    case 'waits':
      return spanOfWait(entity as ViewEntities<'run'>['waits']);
  }
}
