import { render } from 'solid-js/web';
import hubUrl from '../worker-hub/main.ts?sharedworker&url';

const root = document.querySelector('#root');
if (root !== null) render(() => <main data-hub-url={hubUrl}>Rostrum</main>, root);
