/**
 * Works on several things at a time and hands out the results in the order of the things.
 * @param width how many at a time
 */
export async function* inOrder<T, R>(things: Iterable<T>, width: number, work: (thing: T) => Promise<R>): AsyncGenerator<R> {
  const under: Promise<R>[] = []
  for (const thing of things) {
    const one = work(thing)
    one.catch(() => undefined) // told when its turn comes
    under.push(one)
    if (under.length >= width) yield await under.shift()!
  }
  for (const one of under) yield await one
}
