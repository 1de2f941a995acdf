import { describe, expect, it } from 'vitest';
import { closeMeaning } from '../../protocol/wire/close-codes.ts';
import * as reasons from './reasons.ts';

const PLACE = 'host.example:7400';
const PAGE = 'https://page.example';

describe('reasons', () => {
  it.each([
    [reasons.looking(PLACE), 'nothing-answers', 'No connection'],
    [reasons.nothingAnswers(PLACE), 'nothing-answers', 'running'],
    [reasons.refusesThisPage(PLACE, PAGE), 'refuses-this-page', `--allow-origin ${PAGE}`],
    [reasons.refusedAfterOpen(PLACE, PAGE), 'refuses-this-page', `--allow-origin ${PAGE}`],
    [reasons.mixedContent(PLACE), 'mixed-content', 'wss'],
    [reasons.localNetworkDenied(PLACE), 'local-network-denied', 'settings'],
    [reasons.localNetworkPrompt(PLACE), 'local-network-prompt', 'Retry now'],
    [reasons.offline(PLACE), 'offline', 'offline'],
    [reasons.notAnEnsemble(PLACE), 'not-an-ensemble', 'Check the address'],
    [reasons.silent(PLACE), 'not-an-ensemble', 'said nothing'],
    [reasons.wentSilent(PLACE), 'silent', 'anew'],
    [reasons.brokeOff(PLACE, closeMeaning(1012)), 'closed', 'restarting'],
    [reasons.tooLarge(PLACE, 130 * 1024 * 1024 + 1), 'too-large', '131 MiB'],
    [reasons.unusable(PLACE, 'No.'), 'nothing-answers', 'No.'],
  ])('%# says what happened, to what, and what to do', ({ code, text }, expectedCode, part) => {
    expect([code, text]).toEqual([expectedCode, expect.stringContaining(part)]);
    expect(text).toContain(PLACE);
  });

  it('says who holds the connections in standby', () => {
    expect(reasons.standby()).toEqual({ code: 'standby', text: expect.stringContaining('Another version') });
  });
});
