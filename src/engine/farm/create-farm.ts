/** The farm over this process and its workers, if any, each behind a {@link FarmPort}. */
import { referenceCount } from '../target-network/layout.ts'
import type { LossAndGradient } from '../target-network/program.ts'
import { checkImages, checkWeights } from './check.ts'
import { Scheduler, lost } from './scheduler.ts'
import { networksAtOnce, type Farm } from './farm.ts'
import type { FarmReply, FarmRequest } from './messages.ts'
import type { LocalWorker } from './local-worker.ts'
import { encodeFrame, type FarmPort } from './wire.ts'

export interface FarmOptions {
  /** Lets waiting messages in; called between networks, so it must be cheap. */
  yieldToEventLoop: () => Promise<void>
}

/**
 * A farm that spreads networks over this process and the workers behind `ports`, which have said
 * hello (see serve-farm.ts) and hold the same images as `local`; without any, this process runs them all.
 */
export function createFarm(local: LocalWorker, ports: readonly FarmPort[], { yieldToEventLoop }: FarmOptions): Farm {
  const { weightCount, classes } = local.layout
  const scheduler = new Scheduler(ports, yieldToEventLoop)

  function weightsOf(weights: Float32Array, first: number, n: number): Float32Array {
    return weights.subarray(first * weightCount, (first + n) * weightCount)
  }

  function send(port: FarmPort, request: FarmRequest, weights: Float32Array): void {
    port.send(encodeFrame(request, [weightsOf(weights, request.first, request.n)]))
  }

  return {
    processes: scheduler.processes,

    async lossAndGradient(step, weights, n, meanwhile) {
      checkWeights(weights, n, weightCount)
      const result = { loss: new Float32Array(n), accuracy: new Float32Array(n), gradient: new Float32Array(n * weightCount) }
      const put = (i: number, { loss, accuracy, gradient }: LossAndGradient): void => {
        result.loss.set(loss, i)
        result.accuracy.set(accuracy, i)
        result.gradient.set(gradient, i * weightCount)
      }
      await scheduler.run(
        {
          workItems: n,
          compute: (i) => put(i, local.lossAndGradient(step, i, weightsOf(weights, i, 1), 1)),
          send: (port, first) => send(port, { type: 'gradient', step, first, n: 1 }, weights),
          accept: (i, reply, payload) => {
            checkReply(reply, payload, { type: 'gradient', first: i, n: 1 }, 2 + weightCount)
            put(i, { loss: payload.subarray(0, 1), accuracy: payload.subarray(1, 2), gradient: payload.subarray(2) })
          },
          idle: () => local.prepareNext(),
        },
        meanwhile,
      )
      return result
    },

    async probabilities(weights, n, from, count) {
      checkWeights(weights, n, weightCount)
      checkImages(from, count, local.imageCount)
      const result = new Float32Array(n * count * classes)
      const size = networksAtOnce(count + referenceCount(local.layout))
      const networks = (workItem: number) => ({ first: workItem * size, n: Math.min(size, n - workItem * size) })
      await scheduler.run({
        workItems: Math.ceil(n / size),
        compute: (workItem) => {
          const { first, n } = networks(workItem)
          result.set(local.probabilities(weightsOf(weights, first, n), n, from, count), first * count * classes)
        },
        send: (port, workItem) => send(port, { type: 'probabilities', ...networks(workItem), from, count }, weights),
        accept: (workItem, reply, payload) => {
          const { first, n } = networks(workItem)
          checkReply(reply, payload, { type: 'probabilities', first, n }, n * count * classes)
          result.set(payload, first * count * classes)
        },
      })
      return result
    },

    close: () => {
      scheduler.close()
      return Promise.resolve()
    },
  }
}

/** @throws LabError `engine-lost` unless the reply is the one wanted */
function checkReply(reply: FarmReply, payload: Float32Array, wanted: { type: string; first: number; n: number }, length: number): void {
  const fits = 'first' in reply && reply.type === wanted.type && reply.first === wanted.first && reply.n === wanted.n
  if (fits && payload.length === length) return
  throw lost(
    `A farm worker answered with ${JSON.stringify(reply)} and ${payload.length} numbers where ${JSON.stringify(wanted)} and ${length} were due.`,
  )
}
