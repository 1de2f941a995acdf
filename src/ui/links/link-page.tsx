import { A, useNavigate, useSearchParams } from '@solidjs/router';
import { For, Show, createSignal, onMount } from 'solid-js';
import type { JSX } from 'solid-js';
import { useHub } from '../hub/hub-context.tsx';
import { AddressForm } from '../sources/address-form.tsx';
import { parseEnsembles } from './network-link.ts';
import type { LinkedEnsemble } from './network-link.ts';

interface LinkProblem {
  readonly address: string;
  readonly text: string;
}

/**
 * The addresses that people already have: `/live?server=`, `/hub?server=`, `/network?ensembles=`. What is safe connects at once and the page moves on to
 * the roster; anything else is shown, filled in, and waits for a click.
 */
export function LinkPage(): JSX.Element {
  const hub = useHub();
  const navigate = useNavigate();
  const [search] = useSearchParams<{ server?: string; ensembles?: string }>();
  const [asked, setAsked] = createSignal<readonly string[]>([]);
  const [unasked, setUnasked] = createSignal<readonly string[]>([]);
  const [problems, setProblems] = createSignal<readonly LinkProblem[]>([]);

  function linked(): LinkedEnsemble[] {
    const { server, ensembles } = search;
    return [
      ...(typeof server === 'string' && server !== '' ? [{ address: server }] : []),
      ...(typeof ensembles === 'string' ? parseEnsembles(ensembles) : []),
    ];
  }

  async function open({ address, name }: LinkedEnsemble): Promise<void> {
    const options = { pageOrigin: location.origin, ...(name !== undefined && { name }) };
    const outcome = await hub.order((api) => api.openLink(address, options));
    if (outcome === undefined) setUnasked((before) => [...before, address]);
    else if (outcome.kind === 'ask') setAsked((before) => [...before, outcome.address]);
    else if (outcome.kind === 'bad') setProblems((before) => [...before, { address, text: outcome.problem.message }]);
  }

  async function openAll(): Promise<void> {
    await Promise.all(linked().map(open));
    if (problems().length === 0) leave();
  }

  function added(address: string): void {
    for (const set of [setAsked, setUnasked]) set((before) => before.filter((other) => other !== address));
    leave();
  }

  /** Goes on to the roster, once there is nothing left to ask here. */
  function leave(): void {
    if (asked().length === 0 && unasked().length === 0) navigate('/', { replace: true });
  }

  onMount(() => void openAll());

  return (
    <div class="empty">
      <Show when={asked().length > 0}>
        <h1>Connect to what this link names?</h1>
        <p class="empty-lead">It is neither this page's own relay nor on this machine. Connect only if you know it.</p>
        <For each={asked()}>{(address) => <AddressForm prefill={address} onAdded={() => added(address)} />}</For>
      </Show>
      <Show when={unasked().length > 0}>
        <h1>The hub could not be asked about this link</h1>
        <p class="empty-lead">
          Nothing was connected. Connect once it answers again, and only if you know the address.
        </p>
        <For each={unasked()}>{(address) => <AddressForm prefill={address} onAdded={() => added(address)} />}</For>
      </Show>
      <Show when={problems().length > 0}>
        <h1>This link names an address that cannot be used</h1>
        <For each={problems()}>
          {({ address, text }) => (
            <p class="empty-lead link-problem" role="alert">
              <code>{address}</code>: {text}
            </p>
          )}
        </For>
        <A href="/">Go to the producers</A>
      </Show>
    </div>
  );
}
