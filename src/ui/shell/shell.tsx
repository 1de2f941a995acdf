import { A, useLocation } from '@solidjs/router';
import { ErrorBoundary, Show, createEffect, on } from 'solid-js';
import type { JSX } from 'solid-js';
import { countOf } from '../format/count.ts';
import { useHub } from '../hub/hub-context.tsx';
import { createAppBadge } from '../pwa/app-badge.ts';
import { UpdatePrompt } from '../pwa/update-prompt.tsx';
import { createLastTabWarning } from '../sources/create-last-tab-warning.ts';
import { SourceBadges } from '../sources/source-badges.tsx';
import { useAttention } from './attention-context.tsx';
import { focusPageIfLost } from './focus-page.ts';
import { Notices } from './notices.tsx';
import { PageFailure } from './page-failure.tsx';
import { StandbyPage } from './standby-page.tsx';
import './shell.css';

const PRODUCERS = 'Producers';
const NAMES = new Map([
  ['reviews', 'Reviews'],
  ['history', 'History'],
  ['settings', 'Settings'],
]);

/** What the page at an address is called. */
function pageName(path: string): string {
  return NAMES.get(path.split('/')[1] ?? '') ?? PRODUCERS;
}

/** What whoever does not see the badge is told when it changes. */
function waitingText(open: number): string {
  if (open === 0) return '';
  return `${countOf(open, 'review')} ${open === 1 ? 'waits' : 'wait'} for you`;
}

/** The frame around every page: the mark, the navigation, every source's state, and what the hub wants to say. */
export function Shell(props: { children?: JSX.Element }): JSX.Element {
  const hub = useHub();
  const attention = useAttention();
  const location = useLocation();
  const page = (): string => pageName(location.pathname);
  const open = (): number => attention.head()?.openReviews ?? 0;
  createLastTabWarning(attention);
  createAppBadge(open);
  createEffect(() => {
    const name = page() === PRODUCERS ? 'Rostrum' : `${page()} · Rostrum`;
    document.title = open() > 0 ? `(${open()}) ${name}` : name;
  });
  // The link that led here may have gone with its page.
  createEffect(
    on(
      () => location.pathname,
      () => queueMicrotask(focusPageIfLost),
      { defer: true },
    ),
  );
  return (
    <div class="shell">
      <header class="top">
        <A href="/" class="mark" aria-label="Rostrum, producers">
          <Mark />
          Rostrum
        </A>
        <Navigation open={open()} />
        <SourceBadges sources={attention.sources()} />
      </header>
      <div class="news">
        <Notices />
        <UpdatePrompt />
      </div>
      <main class="page" tabIndex={-1} aria-label={page()}>
        <Show when={hub.state().kind !== 'standby'} fallback={<StandbyPage />}>
          <ErrorBoundary fallback={(error: unknown) => <PageFailure error={error} />}>{props.children}</ErrorBoundary>
        </Show>
      </main>
      <div class="bottom">
        <Navigation open={open()} />
      </div>
      <p class="visually-hidden" role="status">
        {waitingText(open())}
      </p>
    </div>
  );
}

function Mark(): JSX.Element {
  return (
    <svg
      viewBox="0 0 18 18"
      width="18"
      height="18"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      aria-hidden="true"
    >
      <path d="M3 16h12M5 16V9h8v7M9 9V5M6.5 5h5" />
      <circle cx="9" cy="3" r="1.4" fill="currentColor" stroke="none" />
    </svg>
  );
}

function Navigation(props: { open: number }): JSX.Element {
  const location = useLocation();
  const isProducers = (): boolean => location.pathname === '/' || location.pathname.startsWith('/producer/');
  const current = (is: boolean): 'page' | undefined => (is ? 'page' : undefined);
  return (
    <nav class="main-nav" aria-label="Main">
      <A href="/" end aria-current={current(isProducers())}>
        Producers
      </A>
      <A href="/reviews" aria-current={current(location.pathname === '/reviews')}>
        Reviews
        <Show when={props.open > 0}>
          <span class="badge">
            {props.open}
            <span class="visually-hidden"> open</span>
          </span>
        </Show>
      </A>
      <A href="/history" aria-current={current(location.pathname.startsWith('/history'))}>
        History
      </A>
      <A href="/settings" aria-current={current(location.pathname === '/settings')}>
        Settings
      </A>
    </nav>
  );
}
