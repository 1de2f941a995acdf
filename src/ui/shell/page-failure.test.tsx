import { ErrorBoundary } from 'solid-js';
import { render } from 'solid-js/web';
import { describe, expect, it } from 'vitest';
import { PageFailure } from './page-failure.tsx';

function Broken(): never {
  throw new Error('Failed to fetch dynamically imported module');
}

describe('PageFailure', () => {
  it('stands where a page broke, says why, and offers to reload', () => {
    const root = document.body.appendChild(document.createElement('div'));
    const dispose = render(
      () => (
        <ErrorBoundary fallback={(error: unknown) => <PageFailure error={error} />}>
          <Broken />
        </ErrorBoundary>
      ),
      root,
    );
    expect(root.querySelector('[role=alert]')?.textContent).toContain('Failed to fetch dynamically imported module');
    expect(root.querySelector('button')?.textContent).toBe('Reload');
    dispose();
  });
});
