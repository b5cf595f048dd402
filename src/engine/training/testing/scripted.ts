/** Networks that are nothing but their index, and a farm on which each says what the test has it say. */
import type { JobContext } from '../../job/context.ts'
import type { JobEvent } from '../../../shared/engine-protocol.ts'
import type { Farm } from '../../farm/farm.ts'
import type { NetworkSource, SampledNetworks } from '../../methods/network-source.ts'
import type { TargetLayout } from '../../target-network/layout.ts'

export const contextTelling = (events: JobEvent[] = []): JobContext => ({
  emit: (event) => events.push(event),
  yieldToEventLoop: () => Promise.resolve(),
  pausing: false,
  now: () => performance.now(),
})

/** The first weight of a network is its index, the others are 0; any seed but `seed` is refused. Blocks are of two. */
export function scriptedSource(target: TargetLayout, seed: number, more: Partial<NetworkSource> = {}): NetworkSource {
  const { weightCount } = target
  const weightsOf = (indices: readonly number[]): Float32Array => {
    const weights = new Float32Array(indices.length * weightCount)
    for (const [i, index] of indices.entries()) weights[i * weightCount] = index
    return weights
  }
  function* blocks(asked: number, indices: readonly number[], base: number): Generator<SampledNetworks> {
    if (asked !== seed) throw new Error(`Seed ${asked} was asked for`)
    for (let at = 0; at < indices.length; at += 2) {
      const some = indices.slice(at, at + 2)
      yield { first: base + at, count: some.length, weights: weightsOf(some) }
    }
  }
  const inRow = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i)
  return {
    target,
    count: 'any',
    latent: null,
    sample: (asked, first, count) => (asked === seed ? weightsOf(inRow(first, count)) : new Float32Array(0)),
    networks: (asked, first, count) => blocks(asked, inRow(first, count), first),
    select: (asked, indices) => blocks(asked, Array.from(indices), 0),
    preview: (_seed, count) => weightsOf(inRow(0, count)),
    ...more,
  }
}

export interface Asked {
  networks: number[]
  from: number
  count: number
}

/** @param say probabilities of a network on an image of the data set, [classes] */
export function scriptedFarm(
  { weightCount }: Pick<TargetLayout, 'weightCount'>,
  say: (network: number, image: number) => readonly number[],
): Farm & { asked: Asked[] } {
  const asked: Asked[] = []
  return {
    processes: 1,
    asked,
    lossAndGradient: () => Promise.reject(new Error('The scripted farm trains nothing')),
    probabilities: (weights, n, from, count) => {
      const networks = Array.from({ length: n }, (_, i) => weights[i * weightCount])
      asked.push({ networks, from, count })
      return Promise.resolve(
        Float32Array.from(networks.flatMap((network) => Array.from({ length: count }, (_, i) => say(network, from + i)).flat())),
      )
    },
    close: () => Promise.resolve(),
  }
}
