import type { NaiveWork, Said } from './naive-run.ts';

interface NaiveIteration {
  readonly index: number;
  state: 'running' | 'completed' | 'ended';
  messageCount: number;
  answer: Said | undefined;
  streamed: string;
}

/** What one role and its model say to each other about one description. */
export interface NaiveTalk {
  readonly role: string;
  readonly description: string;
  owner: NaiveWork | undefined;
  state: 'running' | 'completed' | 'ended';
  heardAt: number;
  readonly iterations: NaiveIteration[];
  messages: { readonly position: number; readonly text: string }[];
  streaming: string;
}

/** What the talk of a run needs to know of its work. */
interface Works {
  hear(work: NaiveWork | undefined): void;
  ownerOf(said: Said): NaiveWork | undefined;
  workOfToken(said: Said): NaiveWork | undefined;
}

/** The conversations of one run, by plain scans. */
export class NaiveTalks {
  readonly all: NaiveTalk[] = [];
  readonly #works: Works;

  constructor(works: Works) {
    this.#works = works;
  }

  /** Work has ended, and with it the talk about it. */
  end(work: NaiveWork): void {
    for (const talk of this.all) {
      if (talk.owner !== work || talk.state !== 'running') continue;
      this.#endIteration(talk);
      talk.state = work.state === 'completed' ? 'completed' : 'ended';
    }
  }

  #newestTalk(said: Said): NaiveTalk | undefined {
    return this.all.findLast((talk) => isOnPair(talk, said));
  }

  #talkAbout(said: Said): NaiveTalk {
    const role = text(said, 'agentRole');
    const talk: NaiveTalk = {
      role,
      description: text(said, 'taskDescription'),
      owner: this.#works.ownerOf(said),
      state: 'running',
      heardAt: 0,
      iterations: [],
      messages: [],
      streaming: '',
    };
    this.all.push(talk);
    return talk;
  }

  #hear(talk: NaiveTalk, step: number): void {
    talk.heardAt = step;
    this.#works.hear(talk.owner);
  }

  /** A model is asked. */
  asked(said: Said, step: number): void {
    const index = Number(said['iterationIndex']);
    const newest = this.#newestTalk(said);
    const isAnother = newest === undefined || (index === 0 && newest.iterations.length > 0);
    const talk = isAnother ? this.#talkAbout(said) : newest;
    this.#claim(talk, said);
    this.#hear(talk, step);
    this.#endIteration(talk);
    talk.streaming = '';
    const iteration = this.#iteration(talk, index);
    const frame = said['messages'] as readonly Said[];
    const offset = Math.max(0, Number(said['totalMessageCount'] ?? 0) - frame.length);
    iteration.messageCount = offset + frame.length;
    const known = talk.messages.filter(({ position }) => position < offset);
    talk.messages = [...known, ...frame.map((each, at) => ({ position: offset + at, text: text(each, 'content') }))];
    if (iteration.answer !== undefined) return;
    // Asked again: what was streamed before is void.
    iteration.streamed = '';
    iteration.state = 'running';
    talk.state = 'running';
  }

  /** Whose a talk is that tokens alone have begun is said by the first question or answer. */
  #claim(talk: NaiveTalk, said: Said): void {
    if (talk.iterations.length === 0) talk.owner = this.#works.ownerOf(said);
  }

  #iteration(talk: NaiveTalk, index: number): NaiveIteration {
    const known = talk.iterations.find((each) => each.index === index);
    if (known !== undefined) return known;
    const iteration: NaiveIteration = { index, state: 'ended', messageCount: 0, answer: undefined, streamed: '' };
    talk.iterations.push(iteration);
    return iteration;
  }

  /** The question that was last asked is not answered any more. */
  #endIteration(talk: NaiveTalk): void {
    const running = talk.iterations.find(({ state }) => state === 'running');
    if (running === undefined) return;
    running.state = 'ended';
    running.streamed = talk.streaming;
    talk.streaming = '';
  }

  /** The model has answered. */
  answered(said: Said, step: number): void {
    const index = Number(said['iterationIndex']);
    const talk = this.#talkAnswered(said, index);
    this.#claim(talk, said);
    this.#hear(talk, step);
    const iteration = this.#iteration(talk, index);
    iteration.answer = said;
    iteration.state = 'completed';
    iteration.streamed = '';
    const isFinal = said['responseType'] === 'FINAL_ANSWER';
    if (isFinal && talk.owner !== undefined) talk.owner.answer = said['responseText'];
    const isQuiet = talk.iterations.every(({ state }) => state !== 'running');
    if (isQuiet) talk.streaming = '';
    talk.state = isFinal && isQuiet ? 'completed' : 'running';
  }

  /** That of the talk before, if it waits for this very answer and the newest does not. */
  #talkAnswered(said: Said, index: number): NaiveTalk {
    const ofPair = this.all.filter((talk) => isOnPair(talk, said));
    const newest = ofPair.at(-1);
    const known = newest?.iterations.find((each) => each.index === index);
    const waits = ofPair.at(-2)?.iterations.find(({ state }) => state === 'running')?.index === index;
    const before = ofPair.at(-2);
    if (before !== undefined && waits && (known === undefined || known.answer !== undefined)) return before;
    if (newest === undefined || (index === 0 && known?.answer !== undefined)) return this.#talkAbout(said);
    return newest;
  }

  /** A piece of an answer. */
  token(said: Said, step: number): void {
    const role = text(said, 'agentRole');
    const work = this.#works.workOfToken(said);
    const about = { agentRole: work?.role ?? role, taskDescription: work?.description ?? said['taskDescription'] };
    const ofWork = work === undefined ? undefined : this.all.findLast(({ owner }) => owner === work);
    const talk = this.#newestTalk(said) ?? ofWork ?? this.#talkAbout(about);
    talk.streaming += text(said, 'token');
    this.#hear(talk, step);
  }
}

/** Whether it is of the role and on the description that a message names. */
export function isOnPair(item: { readonly role: string; readonly description: string }, said: Said): boolean {
  return item.role === text(said, 'agentRole') && item.description === text(said, 'taskDescription');
}

/** A member as text; `''` where there is none. */
export function text(said: Said, name: string): string {
  const value = said[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
