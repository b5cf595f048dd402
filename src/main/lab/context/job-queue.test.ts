import { describe, expect, it } from 'vitest'
import type { EngineHost, JobHandle } from '../../../shared/engine-host.ts'
import type { JobKind, JobOf, ResultOf } from '../../../shared/engine-protocol.ts'
import { JobQueue } from './job-queue.ts'

/** An engine whose jobs end when the test says so. */
function handEngine() {
  const running: { end(): void; ended: string[] }[] = []
  const engine: EngineHost = {
    farmProcesses: 1,
    close: () => Promise.resolve(),
    run: <K extends JobKind>(job: JobOf<K>): JobHandle<K> => {
      const settled = Promise.withResolvers<ResultOf<K>>()
      const ended: string[] = []
      running.push({ end: () => settled.resolve({ kind: job.kind } as ResultOf<K>), ended })
      return {
        result: settled.promise,
        pause: () => void ended.push('pause'),
        cancel: () => void ended.push('cancel'),
        peakBytes: 0,
        residentBytes: 0,
      }
    },
  }
  return { jobs: new JobQueue(engine), running }
}

const verify: JobOf<'verify'> = { kind: 'verify', golden: {} }
const turnsPass = () => new Promise((resolve) => setImmediate(resolve))

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
