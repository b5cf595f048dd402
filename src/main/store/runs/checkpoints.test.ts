import { rmSync, writeFileSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleDocument, sampleRun, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'
import type { Run } from '../types.ts'

/** A fresh store with a training run in it. */
function withRun(work: (store: Store, run: Run, folder: string) => Promise<void>): Promise<void> {
  return inFolder(async (folder) => {
    const store = openStore(folder)
    try {
      await work(store, await sampleRun(store), folder)
    } finally {
      store.close()
    }
  })
}

const steps = (store: Store, run: string): number[] => store.checkpoints.list(run).map((record) => record.step)

function flip(path: string): void {
  const bytes = readFileSync(path)
  bytes[bytes.length - 5] ^= 4
  writeFileSync(path, bytes)
}

test('the newest is loaded, with its step, arrays and document', () =>
  withRun(async (store, run) => {
    expect(await store.checkpoints.latest(run.id)).toBeNull()
    for (const step of [1, 2]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    const latest = (await store.checkpoints.latest(run.id))!
    expect(latest.state).toEqual(sampleState(2))
    expect(latest.document).toEqual(run.document)
    expect(latest.skipped).toEqual([])
    expect(store.runs.get(run.id).step).toBe(2)
  }))

test('the same state of the same document has the same hash, in another run too', () =>
  withRun(async (store, run) => {
    const other = store.runs.create({ document: run.document })
    const different = store.runs.create({ document: sampleDocument(run.dataset, 999) })
    const [a, b, c] = await Promise.all([run, other, different].map(({ id }) => store.checkpoints.save(id, sampleState(3), 'periodic')))
    expect(a.hash).toBe(b.hash)
    expect(a.path).not.toBe(b.path)
    expect(a.hash).not.toBe(c.hash)
  }))

test('two newest stay, and all that somebody needs', () =>
  withRun(async (store, run) => {
    const hashes: string[] = []
    const save = async (step: number, keep = false): Promise<void> => {
      hashes[step] = (await store.checkpoints.save(run.id, sampleState(step), 'periodic', { pin: keep })).hash
    }
    await save(1, true)
    await save(2)
    const fork = store.runs.create({ document: sampleDocument(run.dataset, 50), parent: { run: run.id, step: 2 } })
    await save(3)
    store.results.add({
      ...{ run: run.id, kind: 'evaluation', step: 3, checkpoint: hashes[3], seed: 1, count: 1, networks: null },
      ...{ dataset: run.dataset, split: 'test', images: 4, options: {}, result: {} },
    })
    await save(4)
    store.networks.bookmark({ run: run.id, checkpoint: hashes[4], seed: 1, index: 7, label: 'a good one', accuracy: null })
    await save(5)
    for (const step of [6, 7, 8]) await save(step)
    expect(steps(store, run.id)).toEqual([8, 7, 4, 3, 2, 1])
    store.checkpoints.pin(run.id, 1, false)
    store.runs.remove([fork.id])
    await save(9)
    // The fork can still come back, and needs its step.
    expect(steps(store, run.id)).toEqual([9, 8, 4, 3, 2])
  }))

test('a damaged one is named and the one before it loads; it does not count as one of the two', () =>
  withRun(async (store, run) => {
    for (const step of [1, 2, 3]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    flip(store.checkpoints.list(run.id)[0].path)
    const latest = (await store.checkpoints.latest(run.id))!
    expect(latest.state).toEqual(sampleState(2))
    expect(latest.skipped).toHaveLength(1)
    expect(latest.skipped[0].record).toMatchObject({ step: 3, damaged: true })
    expect(latest.skipped[0].error).toMatchObject({ code: 'corrupt' })
    expect(latest.skipped[0].error.message).toContain(`run ${run.id} at step 3`)
    await expect(store.checkpoints.at(run.id, 3)).rejects.toMatchObject({ code: 'corrupt' })
    await store.checkpoints.save(run.id, sampleState(4), 'periodic')
    expect(steps(store, run.id)).toEqual([4, 2])
  }))

test('a missing one is skipped too; when none is sound, that is said', () =>
  withRun(async (store, run) => {
    for (const step of [1, 2]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    const [second, first] = store.checkpoints.list(run.id)
    rmSync(second.path)
    expect((await store.checkpoints.latest(run.id))!.state.step).toBe(1)
    flip(first.path)
    await expect(store.checkpoints.latest(run.id)).rejects.toMatchObject({ code: 'corrupt' })
  }))

test('a damaged one saved again is sound again', () =>
  withRun(async (store, run) => {
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    flip(store.checkpoints.list(run.id)[0].path)
    await expect(store.checkpoints.latest(run.id)).rejects.toMatchObject({ code: 'corrupt' })
    await store.checkpoints.save(run.id, sampleState(1), 'paused')
    expect((await store.checkpoints.latest(run.id))!.state).toEqual(sampleState(1))
    expect(store.checkpoints.list(run.id)).toMatchObject([{ step: 1, damaged: false, reason: 'paused' }])
  }))

test('the same step with other bits does not overwrite what was there before it is whole', () =>
  withRun(async (store, run) => {
    const first = await store.checkpoints.save(run.id, sampleState(5), 'periodic')
    const other = { step: 5, arrays: { weights: Float32Array.of(1) } }
    const second = await store.checkpoints.save(run.id, other, 'periodic')
    expect(second.path).not.toBe(first.path)
    expect((await store.checkpoints.latest(run.id))!.state).toEqual(other)
  }))

test('what is not finite is refused, and what was there stays', () =>
  withRun(async (store, run) => {
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    for (const value of [Number.NaN, Infinity]) {
      const bad = { step: 2, arrays: { weights: Float32Array.of(1, value) } }
      await expect(store.checkpoints.save(run.id, bad, 'periodic')).rejects.toMatchObject({
        code: 'diverged',
        message: expect.stringContaining('weights[1]') as string,
      })
    }
    expect((await store.checkpoints.latest(run.id))!.state.step).toBe(1)
  }))

test('a step that is not there names those that are', () =>
  withRun(async (store, run) => {
    await store.checkpoints.save(run.id, sampleState(4), 'periodic')
    await expect(store.checkpoints.at(run.id, 3)).rejects.toThrow(/those of the steps 4/)
    expect(() => store.runs.create({ document: run.document, parent: { run: run.id, step: 3 } })).toThrow(/no checkpoint at step 3/)
  }))
