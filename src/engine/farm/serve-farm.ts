/** The worker's side of a farm: takes networks as they come, sends results back in order. */
import { defect, toErrorValue, messageOf } from '../../shared/errors.ts'
import { checkWeights } from './check.ts'
import { parseRequest, type FarmReply } from './messages.ts'
import type { LocalWorker } from './local-worker.ts'
import { encodeFrame, FrameReader, type FarmPort, type Frame } from './wire.ts'

export interface ServeOptions {
  /** Proves to the other side that this is the worker it waits for. */
  token: string
  /** Lets waiting messages in; called between networks. */
  yieldToEventLoop: () => Promise<void>
}

/**
 * Serves until the port closes. A request that fails is answered with its error, and ends the service.
 */
export function serveFarm(port: FarmPort, local: LocalWorker, { token, yieldToEventLoop }: ServeOptions): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const waiting: Frame[] = []
  let working = false
  let closed = false

  function say(reply: FarmReply, numbers: readonly Float32Array[] = []): void {
    port.send(encodeFrame(reply, numbers))
  }

  function fail(thrown: unknown): void {
    if (closed) return
    say({ type: 'failed', error: toErrorValue(thrown) })
    waiting.length = 0
    port.close()
  }

  async function work(): Promise<void> {
    working = true
    while (!closed) {
      const frame = waiting.shift()
      if (frame !== undefined) answer(frame, local, say)
      else if (!local.prepareNext()) break
      await yieldToEventLoop()
    }
    working = false
  }

  const reader = new FrameReader((frame) => {
    waiting.push(frame)
    if (!working) work().catch(fail)
  })
  port.onBytes((bytes) => {
    try {
      reader.push(bytes)
    } catch (cause) {
      fail(defect(`A farm worker was sent what is no frame: ${messageOf(cause)}`, cause))
    }
  })
  port.onClose(() => {
    closed = true
    resolve(undefined)
  })
  say({ type: 'hello', token })
  return promise
}

function answer(frame: Frame, local: LocalWorker, say: (reply: FarmReply, numbers: readonly Float32Array[]) => void): void {
  const request = parseRequest(frame.header)
  const { type, first, n } = request
  checkWeights(frame.payload, n, local.layout.weightCount)
  if (type === 'gradient') {
    const { loss, accuracy, gradient } = local.lossAndGradient(request.step, first, frame.payload, n)
    say({ type, first, n }, [loss, accuracy, gradient])
  } else {
    say({ type, first, n }, [local.probabilities(frame.payload, n, request.from, request.count)])
  }
}
