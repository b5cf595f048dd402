import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
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

test('the size of a run’s newest checkpoint is told of several runs at once', () =>
  withRun(async (store, run) => {
    const other = store.runs.create({ document: run.document })
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    const larger = { ...sampleState(2), arrays: { ...sampleState(2).arrays, more: new Float32Array(100) } }
    const { bytes } = await store.checkpoints.save(run.id, larger, 'periodic')
    expect(store.checkpoints.newestSizes([run.id, other.id])).toEqual(new Map([[run.id, bytes]]))
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
    const cached = { run: run.id, checkpoint: hashes[5], seed: 1, count: 1, dataset: run.dataset, split: 'test', images: 4 } as const
    const cache = await store.probabilities.begin(cached, 3)
    await cache.write(0, new Float32Array(12))
    await cache.commit()
    for (const step of [6, 7, 8]) await save(step)
    expect(steps(store, run.id)).toEqual([8, 7, 5, 4, 3, 2, 1])
    store.checkpoints.pin(run.id, 1, false)
    store.runs.remove([fork.id])
    await save(9)
    // The fork can still come back, and needs its step.
    expect(steps(store, run.id)).toEqual([9, 8, 5, 4, 3, 2])
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
    const first = await store.checkpoints.save(run.id, sampleState(5), 'periodic', { pin: true })
    const other = { step: 5, arrays: { weights: Float32Array.of(1) } }
    const second = await store.checkpoints.save(run.id, other, 'periodic')
    expect(second.path).not.toBe(first.path)
    expect((await store.checkpoints.latest(run.id))!.state).toEqual(other)
    expect(store.checkpoints.list(run.id).map(({ hash }) => hash)).toEqual([second.hash, first.hash])
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
    const first = { step: 2, arrays: { weights: Float32Array.of(Number.NaN) } }
    await expect(store.checkpoints.save(run.id, first, 'periodic')).rejects.toMatchObject({ code: 'diverged' })
    expect((await store.checkpoints.latest(run.id))!.state.step).toBe(1)
  }))

test('a step that is not there names those that are', () =>
  withRun(async (store, run) => {
    await store.checkpoints.save(run.id, sampleState(4), 'periodic')
    await expect(store.checkpoints.at(run.id, 3)).rejects.toThrow(/those of the steps 4/)
    expect(() => store.runs.create({ document: run.document, parent: { run: run.id, step: 3 } })).toThrow(/no checkpoint at step 3/)
  }))

test('what is held stays, one or all of a run, until all who hold it have let go', () =>
  withRun(async (store, run) => {
    const save = async (step: number): Promise<string> => (await store.checkpoints.save(run.id, sampleState(step), 'periodic')).hash
    const other = store.runs.create({ document: run.document })
    await store.checkpoints.save(other.id, sampleState(1), 'periodic')
    const first = await save(1)
    const letGo = [store.checkpoints.hold(run.id, first), store.checkpoints.hold(run.id, first)]
    for (const step of [2, 3, 4]) await save(step)
    expect(steps(store, run.id)).toEqual([4, 3, 1])
    letGo[0]()
    letGo[0]()
    await save(5)
    expect(steps(store, run.id), 'who lets go twice has let go once').toEqual([5, 4, 1])
    letGo[1]()
    await save(6)
    expect(steps(store, run.id)).toEqual([6, 5])

    const all = store.checkpoints.hold(run.id)
    for (const step of [7, 8]) await save(step)
    for (const step of [2, 3]) await store.checkpoints.save(other.id, sampleState(step), 'periodic')
    expect(steps(store, run.id)).toEqual([8, 7, 6, 5])
    expect(steps(store, other.id), 'another run is not held').toEqual([3, 2])
    all()
    await save(9)
    expect(steps(store, run.id)).toEqual([9, 8])
  }))

test('what makes room is gone from the disk too, and only that', () =>
  withRun(async (store, run) => {
    const paths: string[] = []
    for (const step of [1, 2, 3]) paths.push((await store.checkpoints.save(run.id, sampleState(step), 'periodic')).path)
    expect(paths.map((path) => existsSync(path))).toEqual([false, true, true])
    expect(readdirSync(dirname(paths[0]))).toHaveLength(2)
  }))

test('a damaged one whose file is put back is sound again', () =>
  withRun(async (store, run) => {
    for (const step of [1, 2]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    const [{ path }] = store.checkpoints.list(run.id)
    flip(path)
    await expect(store.checkpoints.at(run.id, 2)).rejects.toMatchObject({ code: 'corrupt' })
    expect(store.checkpoints.list(run.id)).toMatchObject([
      { step: 2, damaged: true },
      { step: 1, damaged: false },
    ])
    flip(path)
    expect((await store.checkpoints.at(run.id, 2)).record).toMatchObject({ step: 2, damaged: false })
    expect(store.checkpoints.list(run.id)[0].damaged).toBe(false)
  }))

test('pinning is of one step, and is told', () =>
  withRun(async (store, run) => {
    for (const step of [1, 2]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    expect(store.checkpoints.pin(run.id, 1, true)).toMatchObject({ step: 1, pinned: true })
    expect(store.checkpoints.list(run.id)).toMatchObject([
      { step: 2, pinned: false },
      { step: 1, pinned: true },
    ])
    // Saved again without a pin, it stays pinned.
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    expect(store.checkpoints.list(run.id).find(({ step }) => step === 1)?.pinned).toBe(true)
    expect(store.checkpoints.pin(run.id, 1, false).pinned).toBe(false)
    expect(() => store.checkpoints.pin(run.id, 7, true)).toThrow(/no checkpoint at step 7/)
  }))

test('a file that cannot be read now is not taken for damaged, nor an older one for the newest', () =>
  withRun(async (store, run) => {
    for (const step of [1, 2]) await store.checkpoints.save(run.id, sampleState(step), 'periodic')
    const [{ path }] = store.checkpoints.list(run.id)
    const bytes = readFileSync(path)
    rmSync(path)
    mkdirSync(path)
    await expect(store.checkpoints.latest(run.id)).rejects.not.toMatchObject({ code: 'corrupt' })
    expect(store.checkpoints.list(run.id)[0]).toMatchObject({ step: 2, damaged: false })
    rmSync(path, { recursive: true })
    writeFileSync(path, bytes)
    expect((await store.checkpoints.latest(run.id))!.state).toEqual(sampleState(2))
  }))

test('what is saved is what is told, and a run that is not there has none', () =>
  withRun(async (store, run) => {
    await store.checkpoints.save(run.id, sampleState(2), 'periodic')
    expect((await store.checkpoints.save(run.id, sampleState(1), 'paused', { pin: true })).step).toBe(1)
    const { checkpoints } = store
    for (const ask of [() => checkpoints.list('nobody'), () => checkpoints.pin('nobody', 1, true)])
      expect(ask).toThrow(expect.objectContaining({ code: 'not-found', message: expect.stringContaining('nobody') as string }))
    for (const asked of [checkpoints.latest('nobody'), checkpoints.at('nobody', 1)])
      await expect(asked).rejects.toMatchObject({ code: 'not-found', message: expect.not.stringContaining('checkpoint') as string })
  }))
