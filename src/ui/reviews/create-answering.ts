import { createSignal } from 'solid-js';
import type { Accessor } from 'solid-js';
import type { DecisionWord, ReviewEntity } from '../../protocol/tab/review-model.ts';
import { useHub } from '../hub/hub-context.tsx';
import { DraftStore } from './draft-store.ts';

/** How one review is answered: the text that is written for it, and its way to the hub. */
export interface Answering {
  readonly isEditing: Accessor<boolean>;
  readonly draft: Accessor<string>;
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

/** Answers the one review that `review` is for as long as its owner lives. */
export function createAnswering(review: Accessor<ReviewEntity>): Answering {
  const hub = useHub();
  const { id } = review();
  const draft = createDraft(review());
  const [isEditing, setEditing] = createSignal(draft.isWritten() && review().canDecide);
  const { problem, setProblem, alone } = createAlone();
  let wasAsked = false;

  async function open(): Promise<void> {
    const { output, producer } = review();
    const { ref } = output;
    if (!draft.isWritten()) {
      const whole = ref === undefined ? output.text : await hub.connection.command((api) => api.read(producer, ref));
      if (whole === undefined) return setProblem(NOT_WHOLE);
      draft.begin(whole);
    }
    wasAsked = true;
    setEditing(review().canDecide);
  }

  async function send(decision: DecisionWord): Promise<void> {
    const revised = decision === 'EDIT' ? { revisedOutput: draft.text() } : {};
    const result = await hub.connection.command((api) => api.decide({ review: id, decision, ...revised }));
    if (!result.ok) return setProblem(result.error.message);
    discard();
  }

  function discard(): void {
    draft.forget();
    setEditing(false);
  }

  return {
    isEditing,
    problem,
    discard,
    draft: draft.text,
    write: draft.write,
    wasAskedFor: () => wasAsked,
    edit: () => alone(open),
    stopEditing: () => setEditing(false),
    decide: (decision) => alone(() => send(decision)),
  };
}

interface Draft {
  readonly text: Accessor<string>;
  readonly isWritten: () => boolean;
  /** This is what was there before anything was written. */
  readonly begin: (text: string) => void;
  readonly write: (text: string) => void;
  readonly forget: () => void;
}

function createDraft({ id, output }: ReviewEntity): Draft {
  const drafts = new DraftStore(localStorage);
  const kept = drafts.read(id);
  let isWritten = kept !== undefined;
  const [text, setText] = createSignal(kept ?? output.text);
  return {
    text,
    isWritten: () => isWritten,
    begin: setText,
    write: (written) => {
      isWritten = true;
      setText(written);
      drafts.write(id, written);
    },
    forget: () => {
      isWritten = false;
      drafts.forget(id);
    },
  };
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
