import { readFileSync } from 'node:fs';

/** The file of the demo that comes with the page. */
export const PRESS_DESK_TEXT = readFileSync(new URL('../../public/demo/press-desk-1.json', import.meta.url), 'utf8');
