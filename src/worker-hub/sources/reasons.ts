import type { SourceReason } from '../../protocol/tab/source-model.ts';
import type { CloseMeaning } from '../../protocol/wire/close-codes.ts';
import { SOURCE_FRAME_MAX_CHARS } from '../../protocol/wire/limits.ts';

/*
 * Why a source is not connected, one sentence or two for the screen each: what happened, to what, what to do.
 * `place` is `host:port`, `pageOrigin` the origin of the page. A command-line option stands at the end, without a full stop
 * that would be copied with it.
 */

/** An attempt failed, and why is being found out. */
export function looking(place: string): SourceReason {
  return { code: 'nothing-answers', text: `No connection to ${place} yet.` };
}

/** Nobody listens there. */
export function nothingAnswers(place: string): SourceReason {
  return {
    code: 'nothing-answers',
    text: `Nothing answers at ${place}. Is the process running, and is that its port?`,
  };
}

/** Something is there, and its socket does not open to this page. */
export function refusesThisPage(place: string, pageOrigin: string): SourceReason {
  return {
    code: 'refuses-this-page',
    text:
      `${place} answers, but opens no connection to this page, which comes from ${pageOrigin}. ` +
      `Check the address; if it is a relay, start it with --allow-origin ${pageOrigin}`,
  };
}

/** It opened, saw where the page comes from, and closed. */
export function refusedAfterOpen(place: string, pageOrigin: string): SourceReason {
  return {
    code: 'refuses-this-page',
    text:
      `${place} refused this page, which comes from ${pageOrigin}. An embedded dashboard talks only to pages opened ` +
      `from localhost, 127.0.0.1 or [::1]; a relay takes others with --allow-origin ${pageOrigin}`,
  };
}

/** A secure page may not open a connection that is not. */
export function mixedContent(place: string): SourceReason {
  return {
    code: 'mixed-content',
    text: `This page was opened over https, and the browser lets it connect only with wss. Use wss://${place}, or open this page over http from the machine itself.`,
  };
}

/** The user, or a policy, keeps pages from the local network. */
export function localNetworkDenied(place: string): SourceReason {
  return {
    code: 'local-network-denied',
    text: `The browser keeps this page from the local network, where ${place} is. Allow it in the browser's settings for this site, then retry.`,
  };
}

/** The browser would ask, but only a page can make it do so. */
export function localNetworkPrompt(place: string): SourceReason {
  return {
    code: 'local-network-prompt',
    text: `The browser has to ask you before this page may reach ${place} on the local network. Press Retry now, and allow it when it asks.`,
  };
}

/** The computer has no network. */
export function offline(place: string): SourceReason {
  return { code: 'offline', text: `This computer is offline; ${place} is tried again as soon as it is not.` };
}

/** It speaks, but not this language. */
export function notAnEnsemble(place: string): SourceReason {
  return {
    code: 'not-an-ensemble',
    text: `${place} takes connections but is no dashboard, relay or live-event hub. Check the address.`,
  };
}

/** It opened and never said anything. */
export function silent(place: string): SourceReason {
  return {
    code: 'not-an-ensemble',
    text: `${place} took the connection and said nothing. Check that it is a dashboard, relay or live-event hub.`,
  };
}

/** It spoke, and then no more. */
export function wentSilent(place: string): SourceReason {
  return { code: 'silent', text: `${place} has not been heard for a while, so the connection is made anew.` };
}

/** It ended an open connection. */
export function brokeOff(place: string, meaning: CloseMeaning): SourceReason {
  return { code: 'closed', text: `The connection to ${place} ended. ${meaning.explanation}` };
}

/** One frame was longer than the hub reads. */
export function tooLarge(place: string, chars: number): SourceReason {
  const mib = (value: number): string => `${Math.ceil(value / (1024 * 1024))} MiB`;
  return {
    code: 'too-large',
    text:
      `${place} sent ${mib(chars)} in one frame, and at most ${mib(SOURCE_FRAME_MAX_CHARS)} are read. ` +
      'Let it keep fewer runs, then retry.',
  };
}

/** The user wants no connection. */
export function paused(place: string): SourceReason {
  return { code: 'paused', text: `You paused ${place}; it is not connected until you resume it.` };
}

/** Another hub holds the connections. */
export function standby(): SourceReason {
  return {
    code: 'standby',
    text: 'Another version of this page holds the connections. They move here when its last tab is closed or reloaded.',
  };
}

/** The address itself is of no use to the browser. */
export function unusable(place: string, message: string): SourceReason {
  return { code: 'nothing-answers', text: `The browser cannot connect to ${place}: ${message}` };
}
