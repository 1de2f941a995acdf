import { useSearchParams } from '@solidjs/router';
import { Match, Show, Switch, createMemo, createSignal } from 'solid-js';
import type { JSX } from 'solid-js';
import type { ProducerKey, RunKey } from '../../protocol/tab/keys.ts';
import type { RunHead } from '../../protocol/tab/run-model.ts';
import { Conversation } from '../conversation/conversation.tsx';
import { AskingHub } from '../hub/asking-hub.tsx';
import { createHubView } from '../hub/create-hub-view.ts';
import { useHub } from '../hub/hub-context.tsx';
import type { RunTab } from '../routes.ts';
import { createTimelineView, isLiveRun } from '../timeline/create-timeline-view.ts';
import { Timeline } from '../timeline/timeline.tsx';
import { TimelineControls } from '../timeline/timeline-controls.tsx';
import { TimelineModel } from '../timeline/timeline-model.ts';
import { Tools } from '../tools/tools.tsx';
import { createShownReview } from './create-shown-review.ts';
import { RunHeader } from './run-header.tsx';
import type { Picking } from './run-header.tsx';
import { RunTabs, tabPanelId } from './run-tabs.tsx';
import { SidePanel } from './side-panel.tsx';
import './run.css';

/** What a pane shows: a producer, one of its runs or the newest, and which view of it. */
export interface RunPaneProps {
  readonly producer: ProducerKey;
  readonly run: RunKey | undefined;
  readonly tab: RunTab;
  /** Whether it goes on to the newest run by itself; a run that has an address of its own does not. */
  readonly isFixed?: boolean;
}

/** One run of one producer: its header, its tabs, and the review that waits beside it. */
export function RunPane(props: RunPaneProps): JSX.Element {
  const model = new TimelineModel();
  const picking: Picking = { hadFocus: false };
  const [version, setVersion] = createSignal(0);
  const view = createHubView<'run'>(
    () => ({ view: 'run', producer: props.producer, ...(props.run !== undefined && { run: props.run }) }),
    {
      onUpdate: (update) => {
        if (update?.snapshot !== undefined || update === undefined) model.reset(update?.snapshot);
        else model.apply(update.patches);
        setVersion((last) => last + 1);
      },
    },
  );
  return (
    <Show when={view.data} fallback={<AskingHub class="run-none" />}>
      {(data) => (
        <Show when={data().head} fallback={<p class="run-none">There is no such producer any more.</p>}>
          {(head) => (
            <RunView
              head={head()}
              model={model}
              version={version()}
              producer={props.producer}
              run={props.run}
              tab={props.tab}
              isFixed={props.isFixed === true}
              picking={picking}
            />
          )}
        </Show>
      )}
    </Show>
  );
}

/** Puts away what stands beside the run; the focus that was in it goes on in the run. */
function leaveSide(tab: RunTab, close: () => void): void {
  close();
  if (document.activeElement === document.body) document.querySelector<HTMLElement>(`#${tabPanelId(tab)}`)?.focus();
}

interface RunViewProps extends RunPaneProps {
  readonly head: RunHead;
  readonly model: TimelineModel;
  readonly version: number;
  readonly picking: Picking;
}

function RunView(props: RunViewProps): JSX.Element {
  const hub = useHub();
  const [, setSearch] = useSearchParams<{ run?: string; tab?: string }>();
  const [selection, setSelection] = createSignal<{ taskId: string; isPicked: boolean }>();
  const reviews = createHubView<'reviews'>(() => ({ view: 'reviews' }));
  const shown = createShownReview(
    () => reviews.data,
    () => props.producer,
  );
  const timeline = createTimelineView({
    model: props.model,
    version: () => props.version,
    run: () => props.head.run,
    frames: hub.frames,
    clock: () => Date.now(),
    isCalm: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
  });
  const task = createMemo(() => {
    const picked = selection();
    return props.version >= 0 && picked !== undefined ? props.model.task(picked.taskId) : undefined;
  });
  /** A task that somebody picked is shown although a review waits; moving the focus over tasks does not hide the review. */
  const showsTask = (): boolean =>
    task() !== undefined && (shown.review() === undefined || selection()?.isPicked === true);

  return (
    <div class="run" data-side={showsTask() || shown.review() !== undefined}>
      <RunHeader
        head={props.head}
        picking={props.picking}
        onRun={(run, isNewest) => setSearch({ run: isNewest && props.isFixed !== true ? undefined : run })}
      />
      <RunTabs
        tab={props.tab}
        onTab={(tab) => setSearch({ tab: tab === 'timeline' ? undefined : tab }, { replace: true })}
      >
        <Show when={props.tab === 'timeline' && props.head.run !== undefined}>
          <TimelineControls view={timeline} />
        </Show>
      </RunTabs>
      <div class="run-body">
        <div
          class="run-panel"
          role="tabpanel"
          tabIndex={-1}
          id={tabPanelId(props.tab)}
          aria-labelledby={`tab-${props.tab}`}
        >
          <Show
            when={props.head.run !== undefined}
            fallback={<p class="run-none">This producer is here and has not started a run yet.</p>}
          >
            <Switch>
              <Match when={props.tab === 'timeline'}>
                <Timeline
                  view={timeline}
                  head={props.head}
                  reviews={reviews.data?.entities.reviews ?? {}}
                  selected={selection()?.taskId}
                  onSelect={(taskId, isPicked) => setSelection({ taskId, isPicked })}
                />
              </Match>
              <Match when={props.tab === 'conversation'}>
                <Conversation producer={props.producer} run={props.run} isLive={isLiveRun(props.head.run)} />
              </Match>
              <Match when={props.tab === 'tools'}>
                <Tools producer={props.producer} run={props.run} startedAtMs={props.head.run?.startedAtMs} />
              </Match>
            </Switch>
          </Show>
        </div>
        <SidePanel
          task={showsTask() ? task() : undefined}
          block={task() === undefined ? undefined : props.model.block(task()?.id ?? '')}
          review={shown.review()}
          pending={shown.pending()}
          isOpen={shown.isOpen}
          producer={props.producer}
          startedAtMs={timeline.extent()?.startMs}
          onClose={() => leaveSide(props.tab, () => setSelection(undefined))}
          onDismiss={() => leaveSide(props.tab, shown.dismiss)}
          onWriting={shown.setWriting}
        />
      </div>
    </div>
  );
}
