import { createEffect, createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { ReviewKey } from '../../protocol/tab/keys.ts';
import type { DecisionWord, ReviewEntity } from '../../protocol/tab/review-model.ts';
import { useHub } from '../hub/hub-context.tsx';
import type { Hub } from '../hub/hub-context.tsx';
import { DraftStore } from './draft-store.ts';

/** How one review is answered: the text that is written for it, and its way to the hub. */
export interface Answering {
  readonly isEditing: Accessor<boolean>;
  readonly draft: Accessor<string>;
  /** Whether something was written that is not known to be of no use any more. */
  readonly isWritten: Accessor<boolean>;
  /** False for a draft of before that nobody has asked for yet, which must not take the focus. */
  readonly wasAskedFor: () => boolean;
  /** Why the last thing that was asked for did not happen. */
  readonly problem: Accessor<string | undefined>;
  readonly write: (text: string) => void;
  readonly edit: () => Promise<void>;
  /** Leaves the text; it is there when it is edited again. */
  readonly stopEditing: () => void;
  readonly discard: () => void;
  readonly decide: (decision: DecisionWord) => Promise<void>;
}

const NOT_WHOLE = 'The whole output cannot be read, and a part of it must not take its place. It can be approved.';

/**
 * Answers the one review that `review` is for as long as its owner lives. What was written for others makes room for what is written here,
 * unless `isOpen` is true for them.
 */
export function createAnswering(review: Accessor<ReviewEntity>, isOpen: (review: ReviewKey) => boolean): Answering {
  const hub = useHub();
  const { id } = review();
  const draft = createDraft(review(), isOpen);
  const [isEditing, setEditing] = createSignal(draft.isWritten() && review().canDecide);
  const { problem, setProblem, alone } = createAlone();
  let wasAsked = false;

  async function open(): Promise<void> {
    if (!draft.isWritten()) {
      const whole = await readOutput(hub, review());
      if (whole === undefined) return setProblem(NOT_WHOLE);
      draft.begin(whole);
    }
    wasAsked = true;
    setEditing(review().canDecide || draft.isWritten());
  }

  async function send(decision: DecisionWord): Promise<void> {
    const revised = decision === 'EDIT' ? { revisedOutput: draft.text() } : {};
    const result = await hub.connection.command((api) => api.decide({ review: id, decision, ...revised }));
    if (!result.ok) return setProblem(result.error.message);
    setEditing(false);
  }

  // Until then it may be refused, or come back undecided.
  createEffect(() => isDelivered(review()) && !isEditing() && draft.forget());

  return {
    isEditing,
    problem,
    draft: draft.text,
    isWritten: draft.isWritten,
    write: draft.write,
    wasAskedFor: () => wasAsked,
    edit: () => alone(open),
    stopEditing: () => setEditing(false),
    discard: () => {
      draft.forget();
      setEditing(false);
    },
    decide: (decision) => alone(() => send(decision)),
  };
}

/** All of what the agent made; undefined where only its beginning can be had. */
async function readOutput(hub: Hub, { output, producer }: ReviewEntity): Promise<string | undefined> {
  const { text, ref } = output;
  return ref === undefined ? text : hub.connection.command((api) => api.read(producer, ref));
}

interface Draft {
  readonly text: Accessor<string>;
  readonly isWritten: Accessor<boolean>;
  /** This is what was there before anything was written. */
  readonly begin: (text: string) => void;
  readonly write: (text: string) => void;
  readonly forget: () => void;
}

function createDraft({ id, output }: ReviewEntity, isOpen: (review: ReviewKey) => boolean): Draft {
  const drafts = new DraftStore(localStorage, () => Date.now());
  const kept = drafts.read(id);
  const [isWritten, setWritten] = createSignal(kept !== undefined);
  const [text, setText] = createSignal(kept ?? output.text);
  return {
    text,
    isWritten,
    begin: setText,
    write: (written) => {
      if (!isWritten()) drafts.forgetOld((review) => review === id || isOpen(review));
      setWritten(true);
      setText(written);
      drafts.write(id, written);
    },
    forget: () => {
      setWritten(false);
      drafts.forget(id);
    },
  };
}

function isDelivered({ status }: ReviewEntity): boolean {
  return status.kind === 'sent' || status.kind === 'applied';
}

interface Alone {
  readonly problem: Accessor<string | undefined>;
  readonly setProblem: (text: string) => void;
  readonly alone: (work: () => Promise<void>) => Promise<void>;
}

/** One thing at a time, because a second press of a button must not decide again; and why the last one failed. */
function createAlone(): Alone {
  const [problem, setProblem] = createSignal<string>();
  let isBusy = false;
  async function alone(work: () => Promise<void>): Promise<void> {
    if (isBusy) return;
    isBusy = true;
    setProblem(undefined);
    await work().catch((error: Error) => setProblem(error.message));
    isBusy = false;
  }
  return { problem, setProblem, alone };
}
