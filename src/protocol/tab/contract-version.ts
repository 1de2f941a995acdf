/**
 * Version of the contract between a tab and the hub: commands, view models, patches.
 *
 * A tab says its number in `hello`, the hub answers its own; where they differ the tab reloads itself when it may.
 * Raise it with every change of a type in this folder that an older peer would misread.
 *
 * History: 1 = first version; 2 = sources that can be paused and renamed; the words of a hub that is elsewhere; a status with
 * queues; the history.
 */
export const TAB_CONTRACT_VERSION = 2;
