type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

type WithoutUndefined<T> = Defined<{ [K in keyof T as undefined extends T[K] ? never : K]: T[K] }> &
  Partial<Defined<{ [K in keyof T as undefined extends T[K] ? K : never]: T[K] }>>;

/** The same object without the members that are undefined: in the models of the views what is not known is absent. */
export function withoutUndefined<T extends object>(value: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as WithoutUndefined<T>;
}
