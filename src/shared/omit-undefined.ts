/** What was given, without keys whose value is undefined: services tell a key that is absent from one that is not. */
export type WithoutUndefined<T> = { [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> : T[K] }

export function omitUndefined<T extends object>(params: T): WithoutUndefined<T> {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined)) as WithoutUndefined<T>
}
