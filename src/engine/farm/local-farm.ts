/** The farm of one process: this one. */
import type { LossAndGradient } from '../target-network/program.ts'
import { networksAtOnce, type Farm } from './farm.ts'
import type { NetworkShare } from './network-share.ts'
import { checkImages, checkWeights } from './check.ts'

export interface LocalFarmOptions {
  /** Lets waiting messages in; called between networks, so it must be cheap. */
  letMessagesIn: () => Promise<void>
}

/** A farm that runs every network here, a few at a time. */
export function createLocalFarm(share: NetworkShare, { letMessagesIn }: LocalFarmOptions): Farm {
  const { weightCount, classes } = share.layout

  async function each(n: number, size: number, work: (first: number, count: number) => void): Promise<void> {
    for (let first = 0; first < n; first += size) {
      work(first, Math.min(size, n - first))
      await letMessagesIn()
    }
  }

  return {
    processes: 1,

    async lossAndGradient(step, weights, n, meanwhile) {
      checkWeights(weights, n, weightCount)
      const result = emptyLossAndGradient(n, weightCount)
      meanwhile?.()
      await each(n, 1, (first, count) => {
        const part = share.lossAndGradient(step, first, weights.subarray(first * weightCount, (first + count) * weightCount), count)
        putLossAndGradient(result, part, first, weightCount)
      })
      return result
    },

    async probabilities(weights, n, from, count) {
      checkWeights(weights, n, weightCount)
      checkImages(from, count, share.imageCount)
      const result = new Float32Array(n * count * classes)
      await each(n, networksAtOnce(count), (first, networks) => {
        const part = weights.subarray(first * weightCount, (first + networks) * weightCount)
        result.set(share.probabilities(part, networks, from, count), first * count * classes)
      })
      return result
    },

    close: () => Promise.resolve(),
  }
}

/** Room for the results of n networks. */
export function emptyLossAndGradient(n: number, weightCount: number): LossAndGradient {
  return { loss: new Float32Array(n), accuracy: new Float32Array(n), gradient: new Float32Array(n * weightCount) }
}

/** Puts the results of networks `first` and on where they belong. */
export function putLossAndGradient(into: LossAndGradient, part: LossAndGradient, first: number, weightCount: number): void {
  into.loss.set(part.loss, first)
  into.accuracy.set(part.accuracy, first)
  into.gradient.set(part.gradient, first * weightCount)
}
