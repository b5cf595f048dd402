import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { parseAssignment } from '../experiment/set-values.ts'
import { openLabBench, until } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

const hashOf = async (id: string) => (await bench.lab.runs.checkpoint(id)).record.hash

describe('a run that begins', () => {
  it('is paused at once when that is asked for while its files are read', async () => {
    const { lab, engine } = bench
    const { id } = await bench.create()
    const training = lab.runs.train(id)
    lab.runs.pause(id)
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    expect(lab.runs.get(id)).toMatchObject({ state: 'queued', step: 0, error: null })
    expect(engine.ran).toEqual([])
    expect((await lab.runs.train(id)).reason).toBe('finished')
  })

  it('is stopped for good at once, too', async () => {
    const { lab, engine } = bench
    const { id } = await bench.create()
    const training = lab.runs.train(id)
    lab.runs.stop(id)
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    expect(lab.runs.get(id).state).toBe('stopped')
    expect(engine.ran).toEqual([])
  })

  it('goes back to where it was when it is paused while it goes on', async () => {
    const { lab, engine } = bench
    const { id } = await bench.create()
    engine.faults = { dieAfter: 7 }
    await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'engine-lost' })
    engine.faults = {}
    const training = lab.runs.train(id)
    lab.runs.pause(id)
    await expect(training).rejects.toMatchObject({ code: 'cancelled' })
    expect(lab.runs.get(id)).toMatchObject({ state: 'interrupted', error: { code: 'engine-lost' } })
  })
})

describe('time', () => {
  it('is counted while it trains, not while it waits for its turn', async () => {
    let time = 0
    // The other clock is set back at each look.
    let date = Date.UTC(2026, 0, 1)
    const own = await openLabBench({ clock: () => (date -= 3_600_000), stopwatch: () => time })
    const [first, second] = [await own.create(), await own.create()]
    own.engine.faults.onStep = () => (time += 1000)
    const training = own.lab.runs.train(first.id)
    const waiting = own.lab.runs.train(second.id)
    await training
    own.engine.faults = { refuse: new LabError('memory', 'Too little memory.', 'Close other programs.') }
    await expect(waiting).rejects.toMatchObject({ code: 'memory' })
    expect(own.lab.runs.get(first.id).seconds).toBe(20)
    expect(own.lab.runs.get(second.id).seconds).toBe(0)
    await own.close()
  })
})

describe('a run that goes on from an earlier step than it had reached', () => {
  it('forgets what was measured after it', async () => {
    const { lab, engine } = bench
    const { id } = await bench.create('evaluation.every=3')
    engine.faults = { dieAfter: 9 }
    await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'engine-lost' })
    const evaluated = () => lab.store.results.list(id, { during: true }).map(({ step }) => step)
    expect(evaluated()).toEqual([3, 6, 9])
    engine.faults = { onStep: (step) => step === 6 && lab.runs.stop(id) }
    expect(await lab.runs.train(id)).toMatchObject({ step: 6, reason: 'stopped' })
    expect(evaluated()).toEqual([3, 6])
    expect(lab.runs.metrics(id, 'sampled.mean').map(({ step }) => step)).toEqual([3, 6])
  })
})

describe('a fork without a checkpoint of its own', () => {
  const settings = [parseAssignment('training.steps=30')]

  it('says that it goes on from its parent', async () => {
    const { lab, engine } = bench
    const parent = await bench.trained()
    const { id } = await lab.runs.fork(parent, { at: 20, settings })
    engine.faults = { dieAfter: 22 }
    await expect(lab.runs.train(id)).rejects.toMatchObject({
      remedy: 'Nothing stored is lost: the run can go on from step 20.',
      help: { action: 'resume', run: id },
    })
  })

  it('that diverged is forked from its parent', async () => {
    const { lab, engine } = bench
    const parent = await bench.trained()
    const { id } = await lab.runs.fork(parent, { at: 20, settings })
    engine.faults = { divergeAt: 22 }
    const help = { action: 'fork', run: parent, settings: { at: 20, 'training.learningRate': 0.0003 } }
    await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'diverged', help })
    await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'conflict', help })
  })
})

describe('a disk that takes nothing', () => {
  /** Takes a part of the folder away at a step, and says how to put it back. */
  function vanishesAt(step: number, part: string): () => void {
    const [there, away] = [join(bench.folder, part), join(bench.folder, 'away')]
    let gone = false
    bench.engine.faults.onStep = (at) => {
      if (at !== step || gone) return
      gone = true
      renameSync(there, away)
      writeFileSync(there, 'in the way')
    }
    return () => {
      rmSync(there)
      renameSync(away, there)
    }
  }

  it.each(['data/runs', 'data'])(
    'pauses the run with the reason (%s is gone), and it goes on by itself once that is mended',
    async (part) => {
      const { lab, notes } = bench
      const whole = await hashOf(await bench.trained())
      const { id } = await bench.create()
      const mend = vanishesAt(8, part)
      const training = lab.runs.train(id)
      await until(() => lab.runs.get(id).state === 'paused')
      const { error } = lab.runs.get(id)
      expect(error).toMatchObject({ code: 'disk', remedy: expect.stringContaining('goes on by itself') as string })
      expect(lab.runs.list().find((run) => run.id === id)).toMatchObject({ state: 'paused', error })
      expect(() => lab.runs.assertTrainable(lab.runs.get(id))).toThrow(
        expect.objectContaining({ code: 'conflict', remedy: error!.remedy }) as Error,
      )
      mend()
      expect(await training).toMatchObject({ step: 20, reason: 'finished' })
      expect(lab.runs.get(id)).toMatchObject({ state: 'finished', error: null })
      expect(await hashOf(id)).toBe(whole)
      expect(lab.runs.metrics(id, 'loss').map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
      expect(notes.filter((note) => note.includes(id))).toHaveLength(2)
    },
  )

  it.each(['pause', 'stop', 'close'] as const)('is waited for no longer after a %s', async (wish) => {
    const { lab } = bench
    const { id } = await bench.create()
    const mend = vanishesAt(8, 'data/runs')
    const training = lab.runs.train(id)
    await until(() => lab.runs.get(id).state === 'paused')
    if (wish === 'close') lab.jobs.close()
    else lab.runs[wish](id)
    await expect(training).rejects.toMatchObject({
      code: 'disk',
      remedy: expect.stringContaining('the run can go on from step 5') as string,
      help: { action: 'resume', run: id },
    })
    expect(lab.runs.get(id)).toMatchObject({ state: wish === 'stop' ? 'stopped' : 'paused', error: { code: 'disk' } })
    mend()
    if (wish !== 'stop') expect(await lab.runs.train(id)).toMatchObject({ step: 20, reason: 'finished' })
  })

  it('keeps nobody from looking at what was measured', async () => {
    const { lab } = bench
    const { id } = await bench.create()
    const mend = vanishesAt(8, 'data')
    const training = lab.runs.train(id)
    await until(() => lab.runs.get(id).state === 'paused')
    expect(() => lab.live.settle(id)).not.toThrow()
    expect(lab.runs.metrics(id, 'loss').length).toBeGreaterThanOrEqual(5)
    mend()
    await training
  })
})
