/** The farm of several processes: this one and its workers, each behind a {@link FarmPort}. */
import { LabError } from '../../shared/errors.ts'
import { checkImages, checkWeights } from './check.ts'
import { Crew } from './crew.ts'
import type { Farm } from './farm.ts'
import { emptyLossAndGradient, putLossAndGradient } from './local-farm.ts'
import type { FarmRequest } from './messages.ts'
import type { NetworkShare } from './network-share.ts'
import { encodeFrame, type FarmPort } from './wire.ts'

export interface SpreadFarmOptions {
  /** Lets waiting messages in; called between networks, so it must be cheap. */
  letMessagesIn: () => Promise<void>
}

/**
 * A farm that spreads networks over this process and the workers behind `ports`, which have said
 * hello (see serve.ts) and hold the same images as `share`.
 */
export function createSpreadFarm(share: NetworkShare, ports: readonly FarmPort[], { letMessagesIn }: SpreadFarmOptions): Farm {
  const { weightCount, classes } = share.layout
  const crew = new Crew(ports, letMessagesIn)

  function weightsOf(weights: Float32Array, i: number): Float32Array {
    return weights.subarray(i * weightCount, (i + 1) * weightCount)
  }

  function send(port: FarmPort, request: FarmRequest, weights: Float32Array): void {
    port.send(encodeFrame(request, [weightsOf(weights, request.first)]))
  }

  return {
    processes: crew.processes,

    async lossAndGradient(step, weights, n, meanwhile) {
      checkWeights(weights, n, weightCount)
      const result = emptyLossAndGradient(n, weightCount)
      await crew.run(
        {
          n,
          compute: (i) => putLossAndGradient(result, share.lossAndGradient(step, i, weightsOf(weights, i), 1), i, weightCount),
          send: (port, first) => send(port, { type: 'gradient', step, first, n: 1 }, weights),
          accept: (i, type, payload) => {
            checkReply(type, 'gradient', payload, 2 + weightCount)
            result.loss[i] = payload[0]!
            result.accuracy[i] = payload[1]!
            result.gradient.set(payload.subarray(2), i * weightCount)
          },
        },
        meanwhile,
      )
      return result
    },

    async probabilities(weights, n, from, count) {
      checkWeights(weights, n, weightCount)
      checkImages(from, count, share.imageCount)
      const result = new Float32Array(n * count * classes)
      await crew.run({
        n,
        compute: (i) => result.set(share.probabilities(weightsOf(weights, i), 1, from, count), i * count * classes),
        send: (port, first) => send(port, { type: 'probabilities', first, n: 1, from, count }, weights),
        accept: (i, type, payload) => {
          checkReply(type, 'probabilities', payload, count * classes)
          result.set(payload, i * count * classes)
        },
      })
      return result
    },

    close: () => {
      crew.close()
      return Promise.resolve()
    },
  }
}

function checkReply(type: string, wanted: string, payload: Float32Array, length: number): void {
  if (type === wanted && payload.length === length) return
  throw new LabError(
    'engine-lost',
    `A farm worker answered ${wanted} with ${type} of ${payload.length} numbers, not ${length}.`,
    'Go on from the last checkpoint, or start the job again.',
  )
}
