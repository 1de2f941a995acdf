import { measurePausedViewer, sayDelays, VIEWERS } from './paused-viewer.ts';
import { printText } from './relay-rounds.ts';

const SECONDS = process.argv.includes('--smoke') ? 0.2 : 8;

/** Prints what one viewer of fifty that reads nothing costs the relay and the others. */
export async function slowViewer(): Promise<void> {
  const { residentMib, floods } = await measurePausedViewer(SECONDS);
  const name = `1 paused of ${VIEWERS} viewers`.padEnd(26);
  printText(`${name} relay at most ${residentMib.toFixed(0)} MiB resident; to the others ${sayDelays(floods)}`);
}
