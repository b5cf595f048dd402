import { describe, expect, it } from 'vitest'
import type { JobOf } from '../../../shared/engine-protocol.ts'
import { handEngine, turnsPass } from '../testing/hand-engine.ts'
import type { TaskReporter } from './tasks.ts'
import { TaskService } from './tasks.ts'

const verify: JobOf<'verify'> = { kind: 'verify', golden: {} }
const plan = { kind: 'verify', title: 'Check', run: null, command: null }

function bench() {
  const clock = { seconds: 1000 }
  const { jobs, running } = handEngine()
  // The other clock is being set back all the time.
  const tasks = new TaskService({ jobs, now: () => -1e6 * clock.seconds, elapsed: () => 1000 * clock.seconds })
  /** Of the newest job. */
  const progress = (done: number, total: number, seconds = 1) => running.at(-1)!.tell({ type: 'progress', done, total, seconds })
  return { clock, jobs, running, tasks, progress }
}

describe('a task', () => {
  it('counts the seconds since its turn came, and tells from its pace how many are left', async () => {
    const { clock, jobs, running, tasks, progress } = bench()
    const before = jobs.submit(verify)
    const { id } = tasks.start(plan, async () => {
      await jobs.submit(verify).result
      return 'Done'
    })
    await turnsPass()
    clock.seconds = 1100
    expect(tasks.get(id)).toMatchObject({ state: 'queued', seconds: 0, remaining: null })
    running[0].end()
    await before.result
    await turnsPass()
    // It goes on at 9, and its first step takes long.
    progress(9, 100)
    clock.seconds = 1105
    progress(10, 100)
    expect(tasks.get(id)).toMatchObject({ state: 'running', remaining: null })
    // One second tells nothing.
    clock.seconds = 1106
    progress(11, 100)
    expect(tasks.get(id)).toMatchObject({ remaining: null })
    clock.seconds = 1125
    progress(30, 100)
    // 20 in 20 seconds.
    expect(tasks.get(id)).toMatchObject({ done: 30, total: 100, seconds: 25, remaining: 70 })
    running[1].end()
    await turnsPass()
    clock.seconds = 1500
    expect(tasks.get(id)).toMatchObject({ state: 'done', stage: 'Done', seconds: 25, remaining: null })
  })

  it('of several stages never falls back, whatever a second job of a stage says', async () => {
    const { jobs, running, tasks, progress } = bench()
    const { id } = tasks.start(plan, async (reporter) => {
      reporter.stage('first', { number: 0, of: 2 })
      await jobs.submit(verify).result
      reporter.stage('first, looked at', { number: 0, of: 2 })
      await jobs.submit(verify).result
      reporter.stage('second', { number: 1, of: 2 })
      await jobs.submit(verify).result
      return 'Done'
    })
    const reached: number[] = []
    tasks.subscribe({ changed: () => reached.push(tasks.get(id).done) })
    for (let job = 0; job < 3; job++) {
      await turnsPass()
      for (const done of [0, 1, 3]) progress(done, 4)
      running[job].end()
    }
    expect(reached).toEqual(reached.toSorted((a, b) => a - b))
    expect(Math.max(...reached)).toBe(1.75)
  })

  it('that is counted anew begins at nothing, and says which stage it is at while a job runs', async () => {
    const { jobs, running, tasks, progress } = bench()
    const { id } = tasks.start(plan, async (reporter) => {
      for (const number of [0, 1, 2]) reporter.stage(`planning ${number}`, { number, of: 3 })
      reporter.stage('training the first', { number: 0, of: 12 })
      await jobs.submit(verify).result
      return 'Done'
    })
    await turnsPass()
    progress(1, 4)
    expect(tasks.get(id)).toMatchObject({ stage: 'training the first', done: 0.25, total: 12 })
    running[0].end()
  })

  it('that has ended stays as it ended, and is remembered until two hundred others have', async () => {
    const { tasks } = bench()
    let first: TaskReporter | undefined
    const ids = Array.from({ length: 202 }, (_, i) => {
      const { id } = tasks.start(plan, (reporter) => {
        first ??= reporter
        return Promise.resolve(`ended ${i}`)
      })
      return id
    })
    await turnsPass()
    expect(tasks.list().map(({ id }) => id)).toEqual(ids.slice(2).reverse())
    const { id } = tasks.start(plan, (reporter) => {
      first = reporter
      return Promise.resolve('Done')
    })
    await turnsPass()
    first!.stage('too late')
    expect(tasks.get(id)).toMatchObject({ state: 'done', stage: 'Done' })
  })

  it('is ended and waited for when the lab closes', async () => {
    const { jobs, running, tasks } = bench()
    let ended = false
    const { id } = tasks.start(plan, async () => {
      await jobs.submit(verify).result
      await turnsPass()
      ended = true
      return 'Done'
    })
    await turnsPass()
    const closing = tasks.close()
    expect(running[0].ended).toEqual(['cancel'])
    running[0].end()
    await closing
    expect(ended).toBe(true)
    expect(tasks.get(id).endedAt).not.toBeNull()
  })
})

it('tells whoever comes late what a task has told, as far as can be told apart', async () => {
  const { running, jobs, tasks } = bench()
  const { id } = tasks.start(plan, async () => {
    await jobs.submit(verify).result
    return 'Done'
  })
  await turnsPass()
  const points = (step: number) => ['step', 'loss'].map((name) => ({ step, name, value: name === 'step' ? step : 1 / step, at: 0 }))
  for (let step = 1; step <= 3; step++) running[0].tell({ type: 'metrics', points: points(step) })
  expect(tasks.course(id)).toEqual([1, 2, 3].map((step) => ({ step, loss: 1 / step })))
  for (let step = 4; step <= 100_000; step++) running[0].tell({ type: 'metrics', points: points(step) })
  const kept = tasks.course(id)
  expect(kept.length).toBeLessThanOrEqual(2000)
  const steps = kept.map(({ step }) => step)
  expect(steps).toEqual(steps.map((_, index) => 1 + 64 * index))
  expect(steps.at(-1)).toBeGreaterThan(100_000 - 64)
  expect(() => tasks.course('nobody')).toThrow('There is no task nobody.')
})
