/**
 * How many records a store of the app's storage holds; 0 while the app has not made its storage yet, which to look at must not
 * make either. Runs in the page.
 */
export function countStored(store: 'events' | 'runs'): Promise<number> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('rostrum');
    opening.addEventListener('upgradeneeded', () => opening.transaction?.abort());
    opening.addEventListener('error', () => resolve(0));
    opening.addEventListener('success', () => {
      const database = opening.result;
      const counting = database.transaction(store).objectStore(store).count();
      counting.addEventListener('success', () => {
        database.close();
        resolve(counting.result);
      });
    });
  });
}
