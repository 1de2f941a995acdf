import { For, Show, createResource, createSignal, createUniqueId } from 'solid-js';
import type { JSX } from 'solid-js';
import { DEFAULT_KEEP_LIMITS, HIGHEST_KEEP_LIMITS, type KeepLimits } from '../../protocol/tab/keep-limits.ts';
import { useHub } from '../hub/hub-context.tsx';

const FIELDS: readonly { name: keyof KeepLimits; text: string }[] = [
  { name: 'maxMegabytes', text: 'Storage, MB' },
  { name: 'maxDays', text: 'Days after the last event' },
  { name: 'maxRuns', text: 'Runs of one producer' },
  { name: 'maxProducers', text: 'Producers that are not connected' },
  { name: 'maxIterations', text: 'Iterations of a conversation' },
  { name: 'idleMinutes', text: 'Minutes of silence until a producer leaves the roster' },
];

/** How much is kept. A lower limit deletes at once, so each holds only once its field is left, or Enter is pressed. */
export function LimitFields(): JSX.Element {
  const hub = useHub();
  const [settings, { mutate }] = createResource(() => hub.order((api) => api.settings()));
  async function change(name: keyof KeepLimits, value: number): Promise<void> {
    const saved = await hub.order((api) => api.saveSettings({ limits: { [name]: value } }));
    if (saved !== undefined) mutate(saved);
  }
  return (
    <fieldset class="storage-limits">
      <legend>Keep at most</legend>
      <For each={FIELDS}>
        {({ name, text }) => (
          <LimitField
            text={text}
            value={settings.latest?.limits?.[name] ?? DEFAULT_KEEP_LIMITS[name]}
            highest={HIGHEST_KEEP_LIMITS[name]}
            onChange={(value) => void change(name, value)}
          />
        )}
      </For>
      <p class="storage-note">
        Pinned runs are exempt. A change holds when you leave its field or press Enter, for what is kept already, too;
        Escape takes it back.
      </p>
    </fieldset>
  );
}

interface LimitFieldProps {
  readonly text: string;
  readonly value: number;
  readonly highest: number;
  onChange(value: number): void;
}

function LimitField(props: LimitFieldProps): JSX.Element {
  const id = createUniqueId();
  const [isRefused, setRefused] = createSignal(false);
  function apply(field: HTMLInputElement): void {
    const value = field.valueAsNumber;
    const isTaken = Number.isSafeInteger(value) && value >= 1 && value <= props.highest;
    setRefused(!isTaken);
    if (!isTaken) reset(field);
    else if (value !== props.value) props.onChange(value);
  }
  function reset(field: HTMLInputElement): void {
    field.value = String(props.value);
  }
  function press(event: KeyboardEvent & { readonly currentTarget: HTMLInputElement }): void {
    if (event.key === 'Enter') apply(event.currentTarget);
    if (event.key === 'Escape') reset(event.currentTarget);
  }
  return (
    <div class="storage-limit">
      <label for={id}>{props.text}</label>
      <input
        id={id}
        type="number"
        min="1"
        max={props.highest}
        step="1"
        value={props.value}
        aria-describedby={`${id}-note`}
        onBlur={(event) => apply(event.currentTarget)}
        onKeyDown={press}
        // A browser steps a field that has the focus when the page is scrolled over it, which is no wish to change anything.
        onWheel={(event) => {
          reset(event.currentTarget);
          event.currentTarget.blur();
        }}
      />
      <p id={`${id}-note`} class="storage-refused" role="alert">
        <Show when={isRefused()}>
          A whole number from 1 to {props.highest.toLocaleString('en-US')}. It stays at{' '}
          {props.value.toLocaleString('en-US')}.
        </Show>
      </p>
    </div>
  );
}
