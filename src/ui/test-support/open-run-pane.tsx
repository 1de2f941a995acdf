import { afterEach, beforeEach, vi } from 'vitest';
import type { ViewData } from '../../protocol/tab/view-data.ts';
import type { RunTab } from '../routes.ts';
import { RunPane } from '../run/run-pane.tsx';
import { FakeHub } from './fake-hub.tsx';
import { renderAt, type Screen } from './render-at.tsx';
import { PRODUCER } from './run-samples.ts';
import { NOW_MS } from './waiting-run.ts';

/** The pane of one run over a hub that says what a test tells it to; both are new in each test. */
export interface RunPaneScene {
  readonly fake: FakeHub;
  /** Shows a run, by its timeline unless told otherwise. */
  readonly open: (view: ViewData<'run'>, tab?: RunTab) => Promise<Screen>;
}

/** Lets every test of a file begin with a pane that is not open yet, at {@link NOW_MS}. */
export function setUpRunPane(): RunPaneScene {
  let screen: Screen | undefined;
  let fake = new FakeHub();
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] });
    fake = new FakeHub();
  });
  afterEach(() => {
    screen?.dispose();
    vi.useRealTimers();
  });
  return {
    get fake() {
      return fake;
    },
    open: async (view, tab = 'timeline') => {
      fake.show('run', view);
      screen = await renderAt(fake, () => <RunPane producer={PRODUCER} run={undefined} tab={tab} />);
      return screen;
    },
  };
}
