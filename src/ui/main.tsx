import { render } from 'solid-js/web';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/forced-colors.css';
import { App } from './app.tsx';
import { canRunHub, startHub } from './hub/start-hub.ts';
import { applyTheme, rememberedTheme } from './shell/theme.ts';

applyTheme(rememberedTheme());
const root = document.querySelector('#root');
if (root !== null && canRunHub()) {
  const hub = startHub();
  render(() => <App hub={hub} />, root);
} else if (root !== null) {
  render(
    () => (
      <p class="hint">
        Rostrum needs workers, Web Locks and BroadcastChannel, which this browser does not offer here. Open it in a
        current Chrome, Edge, Firefox or Safari, over https or on localhost.
      </p>
    ),
    root,
  );
}
