import fc from 'fast-check';
import { describe, test } from 'vitest';
import { expectNothingLeftOpen } from '../support/open-resources.ts';
import { ModelledRoom } from './room-model.ts';
import { HANG_MS, SEED, sized } from './settings.ts';

const RUNS = sized(100, 1_000);
const MOST_COMMANDS = 60;

/** Something that is done to the room; what it must come to is looked at when the turn ends, which some leave to the next. */
class RoomCommand implements fc.Command<object, ModelledRoom> {
  readonly #name: string;
  readonly #act: (room: ModelledRoom) => void;
  readonly #endsTurn: boolean;

  constructor(name: string, act: (room: ModelledRoom) => void, endsTurn = true) {
    this.#name = name;
    this.#act = act;
    this.#endsTurn = endsTurn;
  }

  check(): boolean {
    return true;
  }

  run(_: object, room: ModelledRoom): void {
    this.#act(room);
    if (this.#endsTurn) room.compare();
  }

  toString(): string {
    return this.#name;
  }
}

const which = fc.nat(1);
const commands = [
  which.map((n) => new RoomCommand(`publish ${n}`, (room) => room.publish(n), false)),
  which.map((n) => new RoomCommand(`ask ${n}`, (room) => room.ask(n))),
  which.map((n) => new RoomCommand(`cut ${n}`, (room) => room.cut(n))),
  which.map((n) => new RoomCommand(`connect ${n}`, (room) => room.connect(n))),
  which.map((n) => new RoomCommand(`restart ${n}`, (room) => room.restart(n))),
  fc.constant(new RoomCommand('join', (room) => room.join(), false)),
  fc
    .tuple(fc.nat(20), fc.constantFrom('CONTINUE', 'EXIT_EARLY'))
    .map(([n, decision]) => new RoomCommand(`decide ${n} ${decision}`, (room) => room.decide(n, decision))),
  fc.constant(new RoomCommand('expire', (room) => room.expire())),
];

describe(`whatever is done (seed ${SEED})`, { timeout: HANG_MS }, () => {
  expectNothingLeftOpen();

  test('the room shows everybody what was said, and takes the first decision in time', () => {
    const property = fc.property(fc.commands(commands, { maxCommands: MOST_COMMANDS, size: 'max' }), (story) => {
      const room = new ModelledRoom();
      fc.modelRun(() => ({ model: {}, real: room }), story);
      room.end();
    });
    fc.assert(property, { numRuns: RUNS, seed: SEED });
  });
});
