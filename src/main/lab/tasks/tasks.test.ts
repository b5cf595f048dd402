import { expect, it } from 'vitest'
import type { EngineHost } from '../../../shared/engine-host.ts'
import type { JobEvent } from '../../../shared/engine-protocol.ts'
import { JobQueue } from '../context/job-queue.ts'
import { TaskService } from './tasks.ts'

it('tells whoever comes late what a task has told, as far as can be told apart', async () => {
  let tell: (event: JobEvent) => unknown = () => undefined
  const engine: EngineHost = {
    farmProcesses: 1,
    close: () => Promise.resolve(),
    run: (_job, { onEvent = () => undefined } = {}) => {
      tell = onEvent
      return { result: new Promise(() => undefined), pause: () => undefined, cancel: () => undefined, peakBytes: 0, residentBytes: 0 }
    },
  }
  const jobs = new JobQueue(engine)
  const tasks = new TaskService({ jobs, now: Date.now })
  const { id } = tasks.start({ kind: 'distil', title: 'Student', run: null, command: null }, async () => {
    await jobs.submit({ kind: 'verify', golden: {} }).result
    return 'Done'
  })
  await new Promise((resolve) => setImmediate(resolve))
  const points = (step: number) => ['step', 'loss'].map((name) => ({ step, name, value: name === 'step' ? step : 1 / step, at: 0 }))
  for (let step = 1; step <= 3; step++) tell({ type: 'metrics', points: points(step) })
  expect(tasks.course(id)).toEqual([1, 2, 3].map((step) => ({ step, loss: 1 / step })))
  for (let step = 4; step <= 100_000; step++) tell({ type: 'metrics', points: points(step) })
  const kept = tasks.course(id)
  expect(kept.length).toBeLessThanOrEqual(2000)
  const steps = kept.map(({ step }) => step)
  expect(steps).toEqual(steps.map((_, index) => 1 + 64 * index))
  expect(steps.at(-1)).toBeGreaterThan(100_000 - 64)
  expect(() => tasks.course('nobody')).toThrow('There is no task nobody.')
})
