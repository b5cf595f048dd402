import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'

let bench: LabBench
beforeEach(async () => {
  bench = await openLabBench()
})
afterEach(() => bench.close())

/** The log in lines such as `7 Paused`, without the numbers that were measured. */
const logOf = (id: string): string[] => bench.lab.store.events.list(id).map(({ step, text }) => `${step ?? '-'} ${text.replace(/:.*/, '')}`)

test('the log tells the life of a run: begun, tested, kept, crashed, gone on, paused, ended', async () => {
  const { lab, engine } = bench
  const { id } = await bench.create('training.checkpointEvery=5', 'evaluation.every=10')
  engine.faults = { dieAfter: 7 }
  await expect(lab.runs.train(id)).rejects.toMatchObject({ code: 'engine-lost' })
  engine.faults = {
    onStep: (step) => {
      if (step === 12) lab.runs.pause(id)
    },
  }
  await lab.runs.train(id)
  engine.faults = {}
  await lab.runs.train(id)
  const log = logOf(id)
  expect(log.filter((line) => !/Checkpoint|networks on/.test(line))).toEqual([
    '- Created',
    '0 Training began',
    expect.stringMatching(/^\d+ Interrupted$/),
    '5 Training went on',
    '12 Paused',
    '12 Training went on',
    '20 Finished',
  ])
  const checkpoints = log.filter((line) => line.endsWith('Checkpoint'))
  expect(checkpoints).toEqual(['0 Checkpoint', '5 Checkpoint', '10 Checkpoint', '12 Checkpoint', '15 Checkpoint', '20 Checkpoint'])
  // More than the run still keeps: those in between have made room.
  expect(lab.store.checkpoints.list(id).length).toBeLessThan(checkpoints.length)
  expect(log.filter((line) => line.includes('networks on')).length).toBeGreaterThanOrEqual(2)
})

test('what was found, made and forked stands in it, each once', async () => {
  const { lab } = bench
  const id = await bench.trained()
  const images = { split: 'test' as const }
  await lab.analyses.run(id, { kind: 'evaluation', count: 6, ...images })
  await lab.analyses.run(id, { kind: 'evaluation', count: 6, ...images })
  await lab.analyses.run(id, { kind: 'ensemble', options: { sizes: [1, 6] }, ...images })
  await lab.analyses.run(id, { kind: 'distillation', count: 4, options: { steps: 5 }, ...images })
  await lab.analyses.run(id, { kind: 'map', count: 6, options: { method: 'pca' } })
  const fork = await lab.runs.fork(id, { settings: [{ key: 'training.steps', value: 40 }] })
  const all = logOf(id)
  expect(all.slice(all.indexOf('20 Finished') + 1)).toEqual([
    '20 6 networks on 20 test images',
    '- Vote of 6 networks on 20 test images',
    '- Student of 4 networks on 20 test images',
    expect.stringMatching(/^- Map of 6 networks by PCA, in/),
    `20 Forked as ${fork.id}`,
  ])
  expect(logOf(fork.id)).toEqual([`20 Forked from ${id}`])
})

test('leaving the queue leaves no line', async () => {
  const { lab } = bench
  const { id } = await bench.create()
  const training = lab.runs.train(id)
  lab.runs.pause(id)
  await expect(training).rejects.toMatchObject({ code: 'cancelled' })
  expect(logOf(id)).toEqual(['- Created'])
})
