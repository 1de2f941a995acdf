import { describe, expect, it } from 'vitest';
import {
  GREETING_LIMIT_MS,
  linkDeadlineMs,
  type LinkSurroundings,
  nextLinkStep,
  OPEN_LIMIT_MS,
  STABLE_AFTER_MS,
  WAKE_LIMIT_MS,
} from './link-machine.ts';
import { type LinkEvent, type LinkState, shownState } from './link-state.ts';
import { standby } from './reasons.ts';

const WAKE = { kind: 'wake', isAsked: false } as const;
const IDLE: LinkState = { kind: 'idle', reason: standby() };
const OPENING: LinkState = { kind: 'opening', sinceMs: 0, attempt: 1 };
const GREETING: LinkState = { kind: 'greeting', sinceMs: 0, attempt: 1, pingAtMs: 15_000 };
const CONNECTED: LinkState = { kind: 'connected', sinceMs: 0, attempt: 1, pingAtMs: 15_000 };

function at(nowMs: number, random = 0.5): LinkSurroundings {
  return { nowMs, random: () => random, place: 'localhost:7400', pageOrigin: 'http://localhost:5173' };
}

function waiting(state: LinkState): Extract<LinkState, { kind: 'waiting' }> {
  if (state.kind !== 'waiting') throw new Error(`It is ${state.kind}.`);
  return state;
}

describe('nextLinkStep', () => {
  it('opens when it is woken, and not twice', () => {
    const first = nextLinkStep(IDLE, WAKE, at(5));
    expect(first).toEqual({ state: { kind: 'opening', sinceMs: 5, attempt: 1 }, effects: ['open'] });
    expect(nextLinkStep(first.state, WAKE, at(6))).toEqual({ state: first.state, effects: [] });
    expect(nextLinkStep(GREETING, WAKE, at(6)).effects).toEqual([]);
  });

  it('fetches what was too large again only when the user asks for it', () => {
    const full: LinkState = { kind: 'idle', reason: { code: 'too-large', text: 'Too large.' } };
    expect(nextLinkStep(full, WAKE, at(0))).toEqual({ state: full, effects: [] });
    expect(nextLinkStep(full, { kind: 'wake', isAsked: true }, at(0)).effects).toEqual(['open']);
  });

  it('is connected only once it has greeted', () => {
    const open = nextLinkStep(OPENING, { kind: 'opened' }, at(10)).state;
    expect(shownState(open)).toEqual({ kind: 'connecting', sinceMs: 10, attempt: 1 });
    expect(shownState(nextLinkStep(open, { kind: 'greeted' }, at(20)).state)).toEqual({
      kind: 'connected',
      sinceMs: 20,
    });
  });

  it('waits longer with every failure, at most 30 s, and never the same for all pages', () => {
    const delays: number[] = [];
    let state: LinkState = OPENING;
    for (let attempt = 1; attempt <= 8; attempt += 1) {
      state = nextLinkStep(state, { kind: 'closed', code: 1006 }, at(0, 0.999_999)).state;
      delays.push(Math.round(waiting(state).retryAtMs));
      state = nextLinkStep(state, { kind: 'time' }, at(waiting(state).retryAtMs)).state;
      expect(state).toMatchObject({ kind: 'opening', attempt: attempt + 1 });
      state = { ...state, sinceMs: 0 } as LinkState;
    }
    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(waiting(nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0, 0)).state).retryAtMs).toBe(0);
  });

  it('does not begin before the back-off is over', () => {
    const state = nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0)).state;
    expect(nextLinkStep(state, { kind: 'time' }, at(499)).effects).toEqual([]);
    expect(nextLinkStep(state, { kind: 'time' }, at(500)).effects).toEqual(['open']);
  });

  it('begins at once when it is woken while it waits', () => {
    const state = nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0)).state;
    expect(nextLinkStep(state, WAKE, at(1))).toEqual({
      state: { kind: 'opening', sinceMs: 1, attempt: 2, before: waiting(state).reason },
      effects: ['open'],
    });
  });

  it('asks why when a socket does not open', () => {
    expect(nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0)).effects).toEqual(['explain']);
    expect(nextLinkStep(OPENING, { kind: 'time' }, at(OPEN_LIMIT_MS)).effects).toEqual(['close', 'explain']);
  });

  it('takes an explanation while it waits, and stops trying when another attempt would fail alike', () => {
    const state = nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0)).state;
    const reason = { code: 'refuses-this-page', text: 'No.' } as const;
    expect(nextLinkStep(state, { kind: 'explained', reason, isFinal: false }, at(1)).state).toEqual({
      ...state,
      reason,
    });
    expect(nextLinkStep(state, { kind: 'explained', reason, isFinal: true }, at(1)).state).toEqual({
      kind: 'idle',
      reason,
    });
    expect(nextLinkStep(CONNECTED, { kind: 'explained', reason, isFinal: true }, at(1)).state).toBe(CONNECTED);
  });

  it('keeps the last reason until a new one is found, and says nothing when it is the same', () => {
    const reason = { code: 'refuses-this-page', text: 'No.' } as const;
    const first: LinkState = { kind: 'waiting', retryAtMs: 0, attempt: 1, reason };
    const again = nextLinkStep(
      nextLinkStep(first, { kind: 'time' }, at(0)).state,
      { kind: 'closed', code: 1006 },
      at(9),
    );
    expect(waiting(again.state).reason).toBe(reason);
    const same = { kind: 'explained', reason: { ...reason }, isFinal: false } as const;
    expect(nextLinkStep(again.state, same, at(9)).state).toBe(again.state);
    expect(waiting(nextLinkStep(OPENING, { kind: 'closed', code: 1006 }, at(0)).state).reason.text).toContain('yet');
  });

  it('begins to count anew after a connection that held', () => {
    const tired: LinkState = { ...CONNECTED, attempt: 5 };
    const cut = { kind: 'closed', code: 1006 } as const;
    expect(waiting(nextLinkStep(tired, cut, at(STABLE_AFTER_MS)).state)).toMatchObject({
      attempt: 0,
      retryAtMs: 5_500,
    });
    expect(waiting(nextLinkStep(tired, cut, at(STABLE_AFTER_MS - 1)).state)).toMatchObject({ attempt: 5 });
  });

  it('says why an open connection ended, and stays away when it was asked to', () => {
    const broken = waiting(nextLinkStep(CONNECTED, { kind: 'closed', code: 1001 }, at(0)).state);
    expect(broken.reason).toEqual({
      code: 'closed',
      text: 'The connection to localhost:7400 ended. The server is shutting down.',
    });
    const refused = nextLinkStep(GREETING, { kind: 'closed', code: 1008 }, at(0)).state;
    expect(refused).toMatchObject({ kind: 'idle', reason: { code: 'refuses-this-page' } });
    expect(shownState(refused)).toMatchObject({ reason: { text: expect.stringContaining('http://localhost:5173') } });
    expect(nextLinkStep(CONNECTED, { kind: 'closed', code: 4010 }, at(0)).state.kind).toBe('idle');
  });

  it('gives up what is no ensemble, and tries again slowly', () => {
    const step = nextLinkStep(GREETING, { kind: 'not-an-ensemble' }, at(0));
    expect(step.effects).toEqual(['close']);
    expect(waiting(step.state)).toMatchObject({ retryAtMs: 30_000, reason: { code: 'not-an-ensemble' } });
  });

  it('gives up what opens and says nothing', () => {
    const step = nextLinkStep({ ...GREETING, pingAtMs: 70_000 }, { kind: 'time' }, at(GREETING_LIMIT_MS));
    expect(step.effects).toEqual(['close']);
    expect(step.state).toMatchObject({ kind: 'waiting', reason: { code: 'not-an-ensemble' } });
  });

  it('pings every 15 s', () => {
    expect(nextLinkStep(CONNECTED, { kind: 'time' }, at(14_999)).effects).toEqual([]);
    const step = nextLinkStep(CONNECTED, { kind: 'time' }, at(15_000));
    expect(step).toEqual({ state: { ...CONNECTED, pingAtMs: 30_000 }, effects: ['ping'] });
  });

  it('watches for silence only after a sign that this server sends signs', () => {
    expect(nextLinkStep(CONNECTED, { kind: 'heard', isSign: false }, at(1)).state).toBe(CONNECTED);
    const armed = nextLinkStep(CONNECTED, { kind: 'heard', isSign: true }, at(1)).state;
    const later = nextLinkStep(armed, { kind: 'heard', isSign: false }, at(30_000)).state;
    const quiet = { ...later, pingAtMs: 99_000 } as LinkState;
    expect(nextLinkStep(quiet, { kind: 'time' }, at(69_999)).effects).toEqual([]);
    const dead = nextLinkStep(quiet, { kind: 'time' }, at(70_000));
    expect(dead.effects).toEqual(['close']);
    expect(dead.state).toMatchObject({ kind: 'waiting', reason: { code: 'silent' } });
  });

  it('wants an answer within seconds when somebody comes back to it', () => {
    const armed: LinkState = { ...CONNECTED, silentAtMs: 40_000 };
    const asked = nextLinkStep(armed, WAKE, at(1_000));
    expect(asked.effects).toEqual(['ping']);
    expect(linkDeadlineMs(asked.state)).toBe(1_000 + WAKE_LIMIT_MS);
    expect(nextLinkStep(CONNECTED, WAKE, at(1_000))).toEqual({ state: CONNECTED, effects: [] });
  });

  it.each([
    ['its timer rings', { kind: 'time' }],
    ['somebody comes back to it', WAKE],
  ] as const)('asks first when this computer has slept and %s: nobody could answer meanwhile', (_when, event) => {
    const armed: LinkState = { ...CONNECTED, silentAtMs: 40_000 };
    const HOUR_MS = 3_600_000;
    const asked = nextLinkStep(armed, event, at(HOUR_MS));
    expect(asked.effects).toEqual(['ping']);
    expect(linkDeadlineMs(asked.state)).toBe(HOUR_MS + WAKE_LIMIT_MS);
    expect(nextLinkStep(asked.state, { kind: 'time' }, at(HOUR_MS + WAKE_LIMIT_MS)).effects).toEqual(['close']);
  });

  it.each([
    [{ ...CONNECTED, silentAtMs: 40_000 }, 15_000, ['ping']],
    [CONNECTED, 15_000, ['ping']],
    [GREETING, 15_000, ['ping']],
    [OPENING, OPEN_LIMIT_MS, []],
    [{ kind: 'waiting', retryAtMs: 30_000, attempt: 9, reason: standby() }, 30_000, []],
  ] as const)('waits no longer than ever when the clock is set back: %j', (state, limitMs, effects) => {
    for (const setBackMs of [20_000, 3_600_000]) {
      const step = nextLinkStep(state, { kind: 'time' }, at(-setBackMs));
      expect(step.effects).toEqual(effects);
      expect(linkDeadlineMs(step.state)).toBe(limitMs - setBackMs);
    }
  });

  it('closes what is open, and only that, when it is refused', () => {
    const refused: LinkEvent = { kind: 'refused', reason: standby() };
    for (const state of [OPENING, GREETING, CONNECTED]) {
      expect(nextLinkStep(state, refused, at(0))).toEqual({ state: IDLE, effects: ['close'] });
    }
    expect(nextLinkStep(IDLE, refused, at(0)).effects).toEqual([]);
  });

  it('ignores what means nothing where it stands', () => {
    const late: LinkEvent[] = [
      { kind: 'opened' },
      { kind: 'greeted' },
      { kind: 'time' },
      { kind: 'closed', code: 1000 },
    ];
    for (const event of late) expect(nextLinkStep(IDLE, event, at(9))).toEqual({ state: IDLE, effects: [] });
  });
});

describe('linkDeadlineMs', () => {
  it('is the next moment at which something is due', () => {
    expect(linkDeadlineMs(IDLE)).toBeUndefined();
    expect(linkDeadlineMs(OPENING)).toBe(OPEN_LIMIT_MS);
    expect(linkDeadlineMs(GREETING)).toBe(15_000);
    expect(linkDeadlineMs({ ...GREETING, pingAtMs: 75_000 })).toBe(GREETING_LIMIT_MS);
    expect(linkDeadlineMs(CONNECTED)).toBe(15_000);
    expect(linkDeadlineMs({ ...CONNECTED, silentAtMs: 9_000 })).toBe(9_000);
    expect(linkDeadlineMs({ kind: 'waiting', retryAtMs: 7, attempt: 1, reason: standby() })).toBe(7);
  });
});

describe('shownState', () => {
  it('shows each state by the words of the contract', () => {
    expect(shownState(IDLE)).toEqual({ kind: 'disconnected', reason: standby() });
    expect(shownState(OPENING)).toEqual({ kind: 'connecting', sinceMs: 0, attempt: 1 });
    const state: LinkState = { kind: 'waiting', retryAtMs: 7, attempt: 2, reason: standby() };
    expect(shownState(state)).toEqual({ kind: 'reconnecting', retryAtMs: 7, attempt: 2, reason: standby() });
  });
});
