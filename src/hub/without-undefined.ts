type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

type WithoutUndefined<T> = Defined<{ [K in keyof T as undefined extends T[K] ? never : K]: T[K] }> &
  Partial<Defined<{ [K in keyof T as undefined extends T[K] ? K : never]: T[K] }>>;

/** The same object without the members that are undefined: in the models of the views what is not known is absent. */
export function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  const kept: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (member !== undefined) kept[name] = member;
  }
  return kept as WithoutUndefined<T>;
}
