import { MemoryRouter, Route, createMemoryHistory } from '@solidjs/router';
import type { JSX } from 'solid-js';
import { render } from 'solid-js/web';
import { FakeHubProvider } from './fake-hub.tsx';
import type { FakeHub } from './fake-hub.tsx';

/** What is on the screen of a test. */
export interface Screen {
  readonly root: HTMLElement;
  /** The element of a role with an accessible name, as written in the markup. */
  byRole(role: string, name?: string): HTMLElement | undefined;
  text(): string;
  /** The address that the page has now, from its path on. */
  address(): string;
  dispose(): void;
}

/** Draws something with a hub and an address, and waits until the first views came. */
export async function renderAt(fake: FakeHub, draw: () => JSX.Element, address = '/'): Promise<Screen> {
  const root = document.createElement('div');
  document.body.append(root);
  const history = createMemoryHistory();
  history.set({ value: address, replace: true });
  const dispose = render(
    () => (
      <FakeHubProvider fake={fake}>
        <MemoryRouter history={history}>
          <Route path="*" component={draw} />
        </MemoryRouter>
      </FakeHubProvider>
    ),
    root,
  );
  await settle();
  return {
    root,
    byRole: (role, name) => findByRole(root, role, name),
    text: () => root.textContent.replace(/\s+/g, ' '),
    address: () => history.get(),
    dispose: () => {
      dispose();
      root.remove();
    },
  };
}

/** Lets every promise that is ready run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

const IMPLICIT: Readonly<Record<string, string>> = { button: 'button', select: 'combobox' };

function findByRole(root: HTMLElement, role: string, name: string | undefined): HTMLElement | undefined {
  return [...root.querySelectorAll<HTMLElement>('*')].find((element) => {
    const own = element.getAttribute('role') ?? IMPLICIT[element.tagName.toLowerCase()];
    return own === role && (name === undefined || nameOf(element) === name);
  });
}

function nameOf(element: HTMLElement): string {
  return element.getAttribute('aria-label') ?? element.textContent.replace(/\s+/g, ' ').trim();
}
