import { existsSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openStore } from '../open-store.ts'
import { nameRun } from './run-names.ts'
import { kinOf } from './run-rows.ts'
import type { RunSummary } from '../types.ts'
import { addDataset, inFolder, sampleDataset, sampleDocument, sampleRun, sampleState } from '../testing/samples.ts'
import { trashKeptFor } from '../files/trash.ts'

test('a run goes through its life, and not backwards', () =>
  inFolder(async (folder) => {
    let time = 100
    const store = openStore(folder, { clock: () => time++ })
    const { hash } = await addDataset(store, sampleDataset(), 'sample')
    const run = store.runs.create({ document: sampleDocument(hash), name: 'first try', tags: ['a'], note: 'why not' })
    expect(run).toMatchObject({
      state: 'queued',
      step: 0,
      steps: 1000,
      preset: 'mnist-quick',
      dataset: hash,
      parent: null,
      startedAt: null,
    })
    expect(() => store.runs.move(run.id, 'interrupted')).not.toThrow()
    const training = store.runs.move(run.id, 'training')
    expect(training.startedAt).not.toBeNull()
    expect(() => store.runs.move(run.id, 'training')).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    store.runs.progress(run.id, 30, 1.5)
    const error = { code: 'diverged' as const, message: 'The loss is NaN.', remedy: 'Fork it.' }
    expect(store.runs.move(run.id, 'failed', { error })).toMatchObject({ error, step: 30, seconds: 1.5 })
    expect(() => store.runs.move(run.id, 'paused')).toThrow(LabError)
    expect(store.runs.move(run.id, 'training')).toMatchObject({ error: null, endedAt: null, startedAt: training.startedAt })
    expect(store.runs.move(run.id, 'finished', { step: 1000, seconds: 60 }).endedAt).not.toBeNull()
    store.runs.setMachine(run.id, { machine: { cores: 2 }, versions: { tfjs: '4.22.0' }, farmProcesses: 2 })
    store.runs.edit(run.id, { tags: ['b', 'c'] })
    store.close()
    const again = openStore(folder)
    expect(again.runs.get(run.id)).toMatchObject({
      name: 'first try',
      tags: ['b', 'c'],
      note: 'why not',
      machine: { cores: 2 },
      farmProcesses: 2,
    })
    expect(again.runs.get(run.id).document).toEqual(sampleDocument(hash))
    expect(again.runs.list('c')).toHaveLength(1)
    again.close()
  }))

test('repeats are runs of one document, whatever their seeds; forks and documents that differ anywhere are none', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { hash } = await addDataset(store, sampleDataset(), 'sample')
    const document = sampleDocument(hash)
    const longer = { ...document, training: { ...document.training, steps: document.training.steps + 1 } }
    const warmer = { ...document, training: { ...document.training, learningRate: document.training.learningRate / 2 } }
    const make = (of: typeof document, seed: number) => store.runs.create({ document: { ...of, seed } }).id
    const [first, second, third] = [make(document, 1), make(warmer, 1), make(document, 2)]
    const longest = make(longer, 7)
    const { step } = await store.checkpoints.save(first, sampleState(100), 'periodic')
    store.runs.create({ document: { ...document, seed: 3 }, parent: { run: first, step } })
    const found = (...documents: (typeof document)[]) => store.runs.repeats(documents.map(kinOf)).map(({ id }) => id)
    expect(found(document)).toEqual([third, first])
    expect(found(warmer)).toEqual([second])
    expect(found({ ...document, seed: 99 }, longer).sort()).toEqual([first, third, longest].sort())
    expect(found()).toEqual([])
    store.runs.edit(third, { name: 'the third' })
    store.runs.remove([third])
    expect(found(document)).toEqual([first])
    const help = { action: 'trash', settings: { restore: third } }
    for (const called of [third, third.slice(0, -1), 'the third'])
      expect(store.runs.inTrash(called)).toMatchObject({
        code: 'not-found',
        message: `The run ${third} (the third) is in the trash.`,
        help,
      })
    expect([store.runs.inTrash(first), store.runs.inTrash('')]).toEqual([null, null])
    expect(() => store.runs.get(third)).toThrow(/is in the trash\.$/)
    expect(() => store.runs.get('nobody')).toThrow('There is no run nobody.')
    store.close()
  }))

test('the list comes in pages that together are the list, wherever one is cut and whatever is removed meanwhile', () =>
  inFolder(async (folder) => {
    let now = 1000
    const store = openStore(folder, { clock: () => now })
    const { hash } = await addDataset(store, sampleDataset(), 'sample')
    // Some are made in the same millisecond.
    for (let i = 0; i < 9; i++) {
      now += i % 3 === 0 ? 0 : 1
      store.runs.create({ document: sampleDocument(hash) })
    }
    const all = store.runs.list()
    for (const limit of [1, 2, 4, 9, 20]) {
      const read: RunSummary[] = []
      for (let page = store.runs.page(limit); page.length > 0; page = store.runs.page(limit, page.at(-1)?.id)) {
        expect(page.length).toBeLessThanOrEqual(limit)
        read.push(...page)
      }
      expect(read).toEqual(all)
    }
    store.runs.remove([all[3].id, all[4].id])
    expect(store.runs.page(2, all[3].id)).toEqual(all.slice(5, 7))
    expect(store.runs.page(2, all[2].id)).toEqual(all.slice(5, 7))
    expect(() => store.runs.page(2, 'unheard-of')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    store.close()
  }))

test('runs are found by id, its beginning and name', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { hash } = await addDataset(store, sampleDataset(), 'sample')
    const [a, b] = [1, 2].map(() => store.runs.create({ document: sampleDocument(hash), name: 'twin' }))
    const beginning = a.id.slice(0, -1)
    // Of all pairs of words, few begin alike.
    if (b.id.startsWith(beginning)) expect(() => store.runs.get(beginning)).toThrow(/2 runs match/)
    else expect(store.runs.get(beginning).id).toBe(a.id)
    expect(() => store.runs.get('twin')).toThrow(expect.objectContaining({ code: 'invalid-argument' }) as Error)
    store.runs.edit(b.id, { name: 'other' })
    expect(store.runs.get('twin').id).toBe(a.id)
    expect(store.runs.find('no such run')).toBeNull()
    expect(store.runs.find('')).toBeNull()
    expect(() => store.runs.get('no such run')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    store.close()
  }))

test('ids stay apart when the words run out', () => {
  const taken = new Set<string>()
  let turn = 0
  // Only two words of each kind, so that four ids are all there are without numbers.
  const random = (below: number): number => (below <= 100 && below > 10 ? turn++ % 2 : (turn = (turn * 7 + 3) % 10_007) % below)
  for (let i = 0; i < 300; i++) taken.add(nameRun((id) => taken.has(id), random))
  expect(taken.size).toBe(300)
})

test('removing takes everything out of sight, but not from under a fork, and can be undone as long as the trash keeps it', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const run = await sampleRun(store)
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    store.metrics.append(run.id, [{ step: 1, name: 'loss', value: 1, at: 1 }])
    expect(() => store.runs.remove([run.id])).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    store.runs.move(run.id, 'stopped')
    const fork = store.runs.create({ document: sampleDocument(run.dataset, 5), parent: { run: run.id, step: 1 } })
    expect(() => store.runs.remove([run.id])).toThrow(fork.id)
    await store.checkpoints.save(fork.id, sampleState(2), 'periodic')
    store.runs.remove([run.id])
    expect(store.runs.find(run.id)).toBeNull()
    expect(store.runs.list().map(({ id, parent }) => [id, parent])).toEqual([[fork.id, { run: run.id, step: 1 }]])
    expect(() => store.datasets.remove(run.dataset)).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    store.runs.remove([fork.id])
    store.datasets.remove(run.dataset)
    expect([store.datasets.list(), store.runs.list()]).toEqual([[], []])
    store.runs.restore([run.id])
    expect(store.datasets.list()).toHaveLength(1)
    expect(store.metrics.read(run.id, 'loss')).toHaveLength(1)
    expect((await store.checkpoints.latest(run.id))?.state).toEqual(sampleState(1))
    store.close()
    const day = 24 * 3600 * 1000
    const later = (): number => Date.now() + trashKeptFor + day + 1000
    // Due, and still so a day later.
    openStore(folder, { clock: () => later() - day }).close()
    const again = openStore(folder, { clock: later })
    expect(again.opening.purged).toEqual([fork.id])
    expect(existsSync(join(folder, 'runs', fork.id))).toBe(false)
    expect(again.runs.list().map(({ id }) => id)).toEqual([run.id])
    again.runs.remove([run.id])
    again.datasets.remove(run.dataset)
    again.close()
    openStore(folder, { clock: () => later() + trashKeptFor }).close()
    const last = openStore(folder, { clock: () => later() + trashKeptFor + day })
    expect(last.opening).toMatchObject({ purged: [run.id, 'sample'], swept: [] })
    expect(() => last.runs.restore([run.id])).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    expect([existsSync(join(folder, 'runs', run.id)), existsSync(join(folder, 'datasets', run.dataset))]).toEqual([false, false])
    last.close()
  }))

test('a fork that still begins from its parent comes back only with it', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const run = await sampleRun(store)
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    store.runs.move(run.id, 'stopped')
    const fork = store.runs.create({ document: sampleDocument(run.dataset, 5), parent: { run: run.id, step: 1 } })
    store.runs.remove([run.id, fork.id])
    expect(() => store.runs.restore([fork.id])).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    store.runs.restore([fork.id, run.id])
    expect(store.runs.list()).toHaveLength(2)
    store.close()
  }))

test('a removed run cannot be forked: its checkpoint would be gone when the store is next opened', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const run = await sampleRun(store)
    await store.checkpoints.save(run.id, sampleState(1), 'periodic')
    store.runs.move(run.id, 'stopped')
    store.runs.remove([run.id])
    expect(() => store.runs.create({ document: run.document, parent: { run: run.id, step: 1 } })).toThrow(
      expect.objectContaining({ code: 'not-found' }) as Error,
    )
    store.runs.restore([run.id])
    expect(store.runs.create({ document: run.document, parent: { run: run.id, step: 1 } }).parent).toEqual({ run: run.id, step: 1 })
    store.close()
  }))

test('what the disk does not take is shown all the same, until the run moves again', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data')
    const store = openStore(data)
    const { id } = await sampleRun(store)
    const error = { code: 'disk' as const, message: 'The disk is full.', remedy: 'Free some space.' }
    renameSync(data, join(folder, 'away'))
    expect(() => store.runs.move(id, 'paused', { error })).toThrow(expect.objectContaining({ code: 'disk' }) as Error)
    store.runs.assume(id, 'paused', { error, step: 7 })
    for (const run of [store.runs.get(id), store.runs.summary(id), store.runs.list()[0]])
      expect(run).toMatchObject({ state: 'paused', step: 7, error })
    expect(() => store.runs.assume(id, 'interrupted')).toThrow(expect.objectContaining({ code: 'conflict' }) as Error)
    renameSync(join(folder, 'away'), data)
    expect(store.runs.move(id, 'training')).toMatchObject({ state: 'training', step: 7, error: null })
    store.close()
    const again = openStore(data)
    expect(again.opening.interrupted).toEqual([id])
    again.close()
  }))

test('a list tells how good sampled networks were when the run was last tested', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    expect(store.runs.list()[0].accuracy).toBeNull()
    const tested = (step: number, value: number) => ({ step, name: 'sampled.mean', value, at: step })
    store.metrics.append(id, [tested(10, 0.5), { step: 15, name: 'loss', value: 3, at: 15 }, tested(20, 0.75)])
    expect([store.runs.list()[0].accuracy, store.runs.get(id).accuracy, store.runs.summary(id)?.accuracy]).toEqual([0.75, 0.75, 0.75])
    store.metrics.truncate(id, 10)
    expect(store.runs.get(id).accuracy).toBe(0.5)
    store.close()
  }))
