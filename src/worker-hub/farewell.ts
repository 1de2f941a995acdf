import type { HubWord } from '../protocol/tab/stream.ts';
import { canReach, compareReleases, type HubRelease } from './hub-release.ts';

/** What a hub that has let go tells its tabs: where they go on, or that they have to reload. */
export function farewell(next: HubRelease | undefined, own: HubRelease | undefined): HubWord {
  if (next === undefined || own === undefined) return { word: 'moved' };
  if (next.url !== undefined && canReach(next, own)) return { word: 'moved', url: next.url };
  if (compareReleases(next, own) === 0) return { word: 'moved' };
  return { word: 'retired', text: 'A newer version of this page holds the connections now. Reload this tab to go on.' };
}
