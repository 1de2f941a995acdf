/** An object type in which members that could be `undefined` may be absent instead. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out members that are `undefined`: in a view, what is not known is absent. */
export function defined<T extends object>(members: T): Defined<T> {
  const present: Defined<T> = {};
  for (const name in members) {
    const value = members[name];
    if (value !== undefined) present[name] = value as Exclude<T[typeof name], undefined>;
  }
  return present;
}
