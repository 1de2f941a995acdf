import { SELF_PRODUCER_ID } from '../protocol/tab/keys.ts';
import { type DecodedMessage, decodeEnsembleMessage } from '../protocol/wire/ensemble-message.ts';
import type { Hello } from '../protocol/wire/hello.ts';
import { isRecord } from '../protocol/wire/wire-value.ts';
import { mergeEmbeddedGreeting, type EmbeddedMerge, type RunInstruction, type TypedMessage } from './embedded-merge.ts';
import { numberMessage } from './embedded-numbers.ts';
import { rebuildRuns } from './embedded-rebuild.ts';
import { fillGreeted } from './fill-greeted.ts';
import { countUnreadable, ensureProducer, seeProducer } from './hub-producers.ts';
import type { EmbeddedWire, HubProducer, HubSource, HubState } from './hub-state.ts';
import type { HubWork } from './hub-work.ts';
import { loseTouch, regainTouch } from './live/touch.ts';
import { textField } from './logged-event.ts';
import { reduceAgain, takeEvent } from './producer-events.ts';
import { RetainedLog } from './retained-log.ts';
import { isUnsettled } from './review-record.ts';
import { ReviewLedger } from './review-ledger.ts';
import { applyLedger } from './source-reviews.ts';

/** What is behind a source that is one process. */
export function createEmbeddedWire(state: HubState): EmbeddedWire {
  const ledger = new ReviewLedger({ wire: 'embedded' });
  return {
    kind: 'embedded',
    ledger,
    log: createEmbeddedLog(state, ledger),
    untimed: new WeakSet(),
    forgotten: new Set(),
    epoch: 0,
    nextSequence: 1,
  };
}

/** An empty log for what the process says. */
function createEmbeddedLog(state: HubState, ledger: ReviewLedger): RetainedLog {
  const { maxRuns, maxIterations, maxBytesPerProducer: maxBytes } = state.limits;
  return new RetainedLog({
    ...(maxRuns === undefined ? {} : { maxRuns }),
    ...(maxIterations === undefined ? {} : { maxIterations }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    keepsTokens: true,
    isReviewOpen(reviewId) {
      const record = ledger.record(reviewId);
      return record !== undefined && isUnsettled(record);
    },
  });
}

/** An embedded source while one of its frames is worked on. */
export interface EmbeddedPlace {
  readonly source: HubSource;
  readonly wire: EmbeddedWire;
}

/** A greeting, and what each of its messages weighs on average. */
export interface SizedHello {
  readonly hello: Hello;
  readonly messageBytes: number;
}

/** An embedded dashboard greets: it repeats what it knows of its runs, by which a cut is mended. */
export function greetEmbedded(work: HubWork, at: EmbeddedPlace, { hello, messageBytes }: SizedHello): void {
  const producer = ensureProducer(work, at.source, SELF_PRODUCER_ID);
  const known = at.wire.log.runs().map(({ ensembleId }, index) => ({
    ensembleId,
    events: at.wire.log.eventsOfRun(index),
  }));
  const recentIterations = hello.recentIterations ?? [];
  const merge = mergeEmbeddedGreeting(known, {
    snapshotTrace: typedMessages(work, at.source, hello),
    recentIterations,
  });
  if (merge.hasRestarted || at.wire.epoch === 0) beginLife(work, at, producer);
  else regainTouch(producer.live, work.changes);
  carryOut(work, at, { producer, merge, messageBytes });
  reduceAgain(work);
  const isOfNewest = merge.iterationsRun === 'new' || merge.iterationsRun === known.length - 1;
  if (isOfNewest && merge.iterations.length > 0 && !isNewestForgotten(at.wire, merge)) {
    fillGreeted(work, { source: at.source, producer }, recentIterations);
  }
  seeProducer(work, producer, work.nowMs);
}

/** One live message of the process. */
export function takeEmbedded(
  work: HubWork,
  at: EmbeddedPlace,
  { decoded, bytes }: { decoded: Exclude<DecodedMessage, { kind: 'unreadable' }>; bytes: number },
): void {
  const producer = ensureProducer(work, at.source, SELF_PRODUCER_ID);
  const { message } = decoded;
  const type = decoded.kind === 'known' ? decoded.message.type : decoded.type;
  addMessage(work, at, { producer, bytes, typed: { type, message }, decoded });
}

/** The process is there, and says no more than that. */
export function hearEmbedded(work: HubWork, { source }: EmbeddedPlace): void {
  seeProducer(work, ensureProducer(work, source, SELF_PRODUCER_ID), work.nowMs);
}

/** A process that is another one than before, or the first. Its own numbers begin at 1: they are the hub's. */
function beginLife(work: HubWork, { source, wire }: EmbeddedPlace, producer: HubProducer): void {
  wire.epoch += 1;
  wire.nextSequence = 1;
  wire.log.epochBegan(wire.epoch, 1);
  loseTouch(producer.live, work.nowMs, work.changes);
  const life = { epoch: wire.epoch, firstSequence: 1 };
  applyLedger(work, source, wire.ledger.epochBegan(producer.producerId, life, work.nowMs));
}

function carryOut(
  work: HubWork,
  at: EmbeddedPlace,
  greeting: { producer: HubProducer; merge: EmbeddedMerge; messageBytes: number },
): void {
  const { producer, messageBytes: bytes } = greeting;
  const newest = at.wire.log.runs().length - 1;
  const instructions = greeting.merge.instructions.filter((each) => each.kind !== 'new' || !isForgotten(at.wire, each));
  const isRebuilt = instructions.some((instruction) => isInTheMiddle(instruction, newest));
  if (isRebuilt) {
    const log = createEmbeddedLog(work.state, at.wire.ledger);
    rebuildRuns(work, at, { producer, instructions, log, bytes });
  }
  for (const instruction of instructions) {
    if (instruction.kind === 'lost-touch' || (isRebuilt && !isAtTheEnd(instruction))) continue;
    for (const message of instruction.messages) {
      at.wire.untimed.add(message.message);
      addMessage(work, at, { producer, bytes, typed: message, decoded: decodeEnsembleMessage(message.message) });
    }
  }
}

/** What does not simply go on at the end. */
function isInTheMiddle(instruction: RunInstruction, newest: number): boolean {
  if (instruction.kind === 'append') return instruction.runIndex !== newest;
  return instruction.kind === 'replace' || (instruction.kind === 'new' && !isAtTheEnd(instruction));
}

/** A run that was not known and comes after all that were. */
function isAtTheEnd(instruction: RunInstruction): boolean {
  return instruction.kind === 'new' && instruction.beforeRun === undefined;
}

/** A run that was known once and has been let go: it is history that is kept no longer, and no news. */
function isForgotten(wire: EmbeddedWire, { messages }: { readonly messages: readonly TypedMessage[] }): boolean {
  return messages.some(({ type, message }) => {
    const ensembleId = type === 'ensemble_started' ? textField(message, 'ensembleId') : undefined;
    return ensembleId !== undefined && wire.forgotten.has(ensembleId);
  });
}

/** Of a run that was deleted the greeting may still repeat the newest iterations. */
function isNewestForgotten(wire: EmbeddedWire, { iterationsRun, instructions }: EmbeddedMerge): boolean {
  if (iterationsRun !== 'new') return false;
  return instructions.some((each) => each.kind === 'new' && isAtTheEnd(each) && isForgotten(wire, each));
}

function addMessage(
  work: HubWork,
  { wire }: EmbeddedPlace,
  said: { producer: HubProducer; typed: TypedMessage; decoded: DecodedMessage; bytes: number },
): void {
  const { producer, typed, decoded, bytes } = said;
  const event = numberMessage(wire, { typed, bytes, nowMs: work.nowMs });
  takeEvent(work, producer, { event, decoded, outcome: wire.log.add(event) });
}

/** What of a greeting can be compared: each member that is a message at all. */
function typedMessages(work: HubWork, source: HubSource, hello: Hello): TypedMessage[] {
  const messages: TypedMessage[] = [];
  for (const message of hello.snapshotTrace ?? []) {
    const type = isRecord(message) ? textField(message, 'type') : undefined;
    if (isRecord(message) && type !== undefined) messages.push({ type, message });
    else countUnreadable(work, source);
  }
  return messages;
}
