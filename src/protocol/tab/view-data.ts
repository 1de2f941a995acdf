import type {
  ConversationEntity,
  ConversationMessageEntity,
  IterationEntity,
  RunPartHead,
  ToolCallEntity,
} from './conversation-model.ts';
import type { HistoryHead, HistoryRun } from './history-model.ts';
import type { ProducerKey, RunKey } from './keys.ts';
import type { ReviewEntity, ReviewsHead } from './review-model.ts';
import type { RosterEntity, RosterHead } from './roster-model.ts';
import type {
  DelegationEntity,
  GapEntity,
  IterationSpanEntity,
  ReviewWaitEntity,
  RunHead,
  TaskEntity,
  ToolMarkEntity,
} from './run-model.ts';
import type { AttentionHead, SourceEntity } from './source-model.ts';

/** What a tab can subscribe to. A view of a producer without `run` follows its newest run. */
export type ViewRequest =
  | { readonly view: 'attention' }
  | { readonly view: 'roster' }
  | { readonly view: 'reviews' }
  | { readonly view: 'history' }
  | { readonly view: 'run'; readonly producer: ProducerKey; readonly run?: RunKey }
  | { readonly view: 'conversation'; readonly producer: ProducerKey; readonly run?: RunKey }
  | { readonly view: 'tools'; readonly producer: ProducerKey; readonly run?: RunKey };

/** The name of a view. */
export type ViewName = ViewRequest['view'];

/** What each view holds: one head, and collections of entities by id. */
export interface ViewTypes {
  attention: { head: AttentionHead; entities: { sources: SourceEntity } };
  roster: { head: RosterHead; entities: { producers: RosterEntity } };
  history: { head: HistoryHead; entities: { runs: HistoryRun } };
  reviews: { head: ReviewsHead; entities: { reviews: ReviewEntity } };
  run: {
    /** Undefined when there is no such producer (any more). */
    head: RunHead | undefined;
    entities: {
      tasks: TaskEntity;
      toolMarks: ToolMarkEntity;
      delegations: DelegationEntity;
      iterations: IterationSpanEntity;
      waits: ReviewWaitEntity;
      gaps: GapEntity;
    };
  };
  conversation: {
    head: RunPartHead;
    entities: {
      conversations: ConversationEntity;
      messages: ConversationMessageEntity;
      iterations: IterationEntity;
    };
  };
  tools: { head: RunPartHead; entities: { toolCalls: ToolCallEntity } };
}

/** The head of a view. */
export type ViewHead<V extends ViewName> = ViewTypes[V]['head'];

/** The collections of a view: entity type by collection name. */
export type ViewEntities<V extends ViewName> = ViewTypes[V]['entities'];

/** A whole view, as a snapshot carries it and as patches change it. Entities are replaced whole, never edited in place (but for appended text). */
export interface ViewData<V extends ViewName> {
  head: ViewHead<V>;
  entities: { [C in keyof ViewEntities<V>]: Record<string, ViewEntities<V>[C]> };
}

/** One change of a view. `append` adds text at the end of a string field; it is the only change below an entity. */
export type ViewPatch<V extends ViewName = ViewName> = V extends ViewName
  ? { readonly op: 'head'; readonly head: ViewHead<V> } | EntityPatch<V, keyof ViewEntities<V>>
  : never;

type EntityPatch<V extends ViewName, C extends keyof ViewEntities<V>> = C extends keyof ViewEntities<V>
  ?
      | { readonly op: 'upsert'; readonly collection: C; readonly entity: ViewEntities<V>[C] }
      | { readonly op: 'remove'; readonly collection: C; readonly id: string }
      | {
          readonly op: 'append';
          readonly collection: C;
          readonly id: string;
          readonly field: string;
          readonly text: string;
        }
  : never;
