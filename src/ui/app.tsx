import { Route, Router } from '@solidjs/router';
import { createEffect, createMemo, lazy } from 'solid-js';
import type { JSX } from 'solid-js';
import { HubProvider } from './hub/hub-context.tsx';
import type { HubConnection, HubConnectionState } from './hub/hub-connection.ts';
import type { Hub } from './hub/hub-context.tsx';
import { ProducersPage } from './producers-page.tsx';
import { AttentionProvider } from './shell/attention-context.tsx';
import { NoSuchPage } from './shell/no-such-page.tsx';
import { Shell } from './shell/shell.tsx';
import { applyTheme } from './shell/theme.ts';
import { adoptServingRelay } from './sources/adopt-serving-relay.ts';

const ReviewsPage = lazy(async () => ({ default: (await import('./reviews/reviews-page.tsx')).ReviewsPage }));
const HistoryPage = lazy(async () => ({ default: (await import('./history/history-page.tsx')).HistoryPage }));
const HistoryRunPage = lazy(async () => ({ default: (await import('./history/history-run-page.tsx')).HistoryRunPage }));
const SettingsPage = lazy(async () => ({ default: (await import('./settings/settings-page.tsx')).SettingsPage }));
const LinkPage = lazy(async () => ({ default: (await import('./links/link-page.tsx')).LinkPage }));

/** The whole page over one hub. */
export function App(props: { hub: Hub }): JSX.Element {
  const bootId = createMemo(() => bootIdOf(props.hub.state()));
  // Each hub is told anew: one that has retired may have been told and not come to do it.
  createEffect(() => bootId() !== undefined && introduce(props.hub.connection));
  return (
    <HubProvider value={props.hub}>
      <AttentionProvider>
        <Router root={Shell}>
          <Route path={['/', '/producer/:source/:producer']} component={ProducersPage} />
          <Route path="/reviews" component={ReviewsPage} />
          <Route path="/history" component={HistoryPage} />
          <Route path="/history/:source/:producer/:place" component={HistoryRunPage} />
          <Route path="/settings" component={SettingsPage} />
          <Route path={['/live', '/hub', '/network']} component={LinkPage} />
          <Route path="*" component={NoSuchPage} />
        </Router>
      </AttentionProvider>
    </HubProvider>
  );
}

function bootIdOf(state: HubConnectionState): string | undefined {
  return state.kind === 'connected' ? state.hub.bootId : undefined;
}

/** A hub that is lost meanwhile is followed by another one, which is told again. */
function introduce(connection: HubConnection): void {
  adoptServingRelay(connection).catch(() => undefined);
  connection
    .command((api) => api.settings())
    .then(({ theme }) => applyTheme(theme))
    .catch(() => undefined);
}
