/** An engine whose jobs say and end what the test says, and the queue before it. */
import type { EngineHost, JobHandle, JobHandlers } from '../../../shared/engine-host.ts'
import type { JobEvent, JobKind, JobOf, ResultOf } from '../../../shared/engine-protocol.ts'
import { JobQueue } from '../context/job-queue.ts'

interface HandJob {
  tell(event: JobEvent): void
  end(): void
  /** How it was asked to end. */
  ended: string[]
  peakBytes: number
}

export function handEngine(): { jobs: JobQueue; running: HandJob[] } {
  const running: HandJob[] = []
  const engine: EngineHost = {
    farmProcesses: 1,
    explore: () => {
      throw new Error('Nothing is explored here')
    },
    device: () => Promise.resolve({ versions: {}, gpu: null, networks: 'one by one', unused: null }),
    close: () => Promise.resolve(),
    run: <K extends JobKind>(job: JobOf<K>, handlers: JobHandlers = {}): JobHandle<K> => {
      const settled = Promise.withResolvers<ResultOf<K>>()
      const own: HandJob = {
        tell: (event) => void handlers.onEvent?.(event),
        end: () => settled.resolve({ kind: job.kind } as ResultOf<K>),
        ended: [],
        peakBytes: 0,
      }
      running.push(own)
      return {
        result: settled.promise,
        pause: () => void own.ended.push('pause'),
        cancel: () => void own.ended.push('cancel'),
        get peakBytes() {
          return own.peakBytes
        },
        residentBytes: 0,
      }
    },
  }
  return { jobs: new JobQueue(engine), running }
}

export const turnsPass = () => new Promise((resolve) => setImmediate(resolve))
