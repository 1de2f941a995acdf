import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';

/** What stands at an address that is none of this program's. */
export function NoSuchPage(): JSX.Element {
  return (
    <div class="hint">
      <h1>There is no such page</h1>
      <p>The address may be cut off, or from another version.</p>
      <A href="/">Go to the producers</A>
    </div>
  );
}
