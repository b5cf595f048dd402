/** An engine that computes nothing and says much: metrics at a steady pace, for as many steps as the document has. */
import { setTimeout as wait } from 'node:timers/promises'
import { metricNames } from '../../src/methods/registry.ts'
import type { EngineHost, JobHandle, JobHandlers } from '../../src/shared/engine-host.ts'
import type { JobKind, JobOf, JobResult, ResultOf } from '../../src/shared/engine-protocol.ts'
import { LabError } from '../../src/shared/errors.ts'

/** Curves that each step adds a point to. */
export const curves = metricNames
/** Steps a second unless told: with ten curves, 5,000 points. */
export const stepsASecond = 500
/** Milliseconds from one message to the next. */
const pause = 20

/** @param pace steps a second */
export function scriptedEngine(pace = stepsASecond): EngineHost {
  return {
    explore: () => {
      throw new Error('Nothing is explored here')
    },
    device: () => Promise.resolve({ versions: {}, gpu: null, networks: 'one by one', unused: null }),
    farmProcesses: 1,
    run<K extends JobKind>(job: JobOf<K>, handlers: JobHandlers = {}): JobHandle<K> {
      const control = { pausing: false, cancelled: false }
      return {
        result: work(job, pace, handlers, control) as Promise<ResultOf<K>>,
        pause: () => void (control.pausing = true),
        cancel: () => void (control.cancelled = true),
        peakBytes: 0,
        residentBytes: 0,
      }
    },
    close: () => Promise.resolve(),
  }
}

async function work(
  job: JobOf<JobKind>,
  pace: number,
  handlers: JobHandlers,
  control: { pausing: boolean; cancelled: boolean },
): Promise<JobResult> {
  if (job.kind !== 'train') throw new LabError('set-up', 'The scripted engine trains only.', 'Use the real one.')
  await handlers.onEvent?.({ type: 'checkpoint', reason: 'periodic', state: stateAt(0) })
  await handlers.onReady?.({ engine: 'scripted' })
  const { steps } = job.document.training
  const began = Date.now()
  let step = 0
  while (step < steps && !control.pausing) {
    await wait(pause)
    if (control.cancelled) throw new LabError('cancelled', 'The job was cancelled.', 'Start it again when you want it.')
    const at = Date.now()
    // What a slow moment has held up comes in one message.
    const due = Math.min(steps, Math.floor(((at - began) * pace) / 1000))
    const points = Array.from({ length: due - step }, (_, i) => step + 1 + i).flatMap((now) =>
      curves.map((name, curve) => ({ name, step: now, value: (1 + Math.sin(now / 300 + curve)) / 2, at })),
    )
    step = due
    await handlers.onEvent?.({ type: 'metrics', points })
    await handlers.onEvent?.({ type: 'progress', done: step, total: steps, seconds: (at - began) / 1000 })
  }
  const reason = control.pausing ? 'paused' : 'finished'
  await handlers.onEvent?.({ type: 'checkpoint', reason, state: stateAt(step) })
  return { kind: 'train', step, reason }
}

const stateAt = (step: number) => ({ step, arrays: { parameters: new Float32Array(16) } })
