import { describe, expect, it } from 'vitest'
import type { DataReference, JobOf } from '../../../shared/engine-protocol.ts'
import { presets } from '../../../shared/presets.ts'
import { handEngine, turnsPass } from '../testing/hand-engine.ts'

const verify: JobOf<'verify'> = { kind: 'verify', golden: {} }
const train: JobOf<'train'> = { kind: 'train', document: presets['mnist-quick'], data: {} as DataReference }

describe('a job that waits', () => {
  it('is gone the moment it is cancelled, though the one before it runs on', async () => {
    const { jobs, running } = handEngine()
    const first = jobs.submit(verify)
    const second = jobs.submit(verify)
    const states: string[] = []
    jobs.subscribe((update) => update.status.id === second.id && states.push(update.status.state))
    await turnsPass()
    jobs.cancel(second.id)
    await expect(second.result).rejects.toMatchObject({ code: 'cancelled' })
    expect(states).toEqual(['cancelled'])
    expect(jobs.list().map(({ id, state }) => [id, state])).toEqual([[first.id, 'running']])
    running[0].end()
    await first.result
    expect(running).toHaveLength(1)
  })

  it('does not begin before those ahead of it, whoever leaves the queue between them', async () => {
    const { jobs, running } = handEngine()
    const [first, second, third] = [jobs.submit(verify), jobs.submit(verify), jobs.submit(verify)]
    await turnsPass()
    jobs.cancel(second.id)
    await expect(second.result).rejects.toMatchObject({ code: 'cancelled' })
    await turnsPass()
    expect(running).toHaveLength(1)
    running[0].end()
    await first.result
    await turnsPass()
    expect(running).toHaveLength(2)
    running[1].end()
    await third.result
  })

  it('that is cancelled in the very turn in which it would begin does not begin', async () => {
    const { jobs, running } = handEngine()
    const job = jobs.submit(verify)
    jobs.cancel(job.id)
    await expect(job.result).rejects.toMatchObject({ code: 'cancelled' })
    const scope = { signal: AbortSignal.abort(), onUpdate: () => undefined, onEvent: () => undefined }
    await expect(jobs.within(scope, () => jobs.submit(verify).result)).rejects.toMatchObject({ code: 'cancelled' })
    await turnsPass()
    expect(running).toEqual([])
    expect(jobs.list()).toEqual([])
  })
})

it('an interruption pauses what trains, and ends it the second time; anything else ends at once', async () => {
  for (const [job, asked] of [
    [train, ['pause', 'cancel']],
    [verify, ['cancel', 'cancel']],
  ] as const) {
    const { jobs, running } = handEngine()
    const { result } = jobs.submit(job)
    await turnsPass()
    expect([jobs.interrupt(), jobs.interrupt()]).toEqual([true, true])
    expect(running[0].ended).toEqual(asked)
    running[0].end()
    await result
    expect(jobs.interrupt()).toBe(false)
  }
})

it('a job that is cancelled as its turn comes is told so when it begins', async () => {
  const { jobs, running } = handEngine()
  const { id, result } = jobs.submit(verify, { onReady: () => undefined, onStart: () => jobs.cancel(id) })
  await turnsPass()
  expect(running[0].ended).toEqual(['cancel'])
  running[0].end()
  await result
})

it('what jobs measured last is known by name, and the most memory that one took', async () => {
  const { jobs, running } = handEngine()
  for (const [i, peak] of [7, 3].entries()) {
    const { result } = jobs.submit(train)
    await turnsPass()
    const points = (name: string, value: number) => running[i].tell({ type: 'metrics', points: [{ step: 1, name, value, at: 1 }] })
    points('loss', 5)
    points('entropy', 2)
    points('loss', 4)
    expect(jobs.list()[0].metrics).toEqual({ loss: 4, entropy: 2 })
    running[i].peakBytes = peak
    running[i].end()
    await result
  }
  expect(jobs.peakBytes).toBe(7)
})

it('closing ends what runs and what waits', async () => {
  const { jobs, running } = handEngine()
  const [first, second] = [jobs.submit(verify), jobs.submit(verify)]
  await turnsPass()
  jobs.close()
  await expect(second.result).rejects.toMatchObject({ code: 'cancelled' })
  expect(running[0].ended).toEqual(['cancel'])
  running[0].end()
  await first.result
})
