import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { addDataset, inFolder, sampleDataset, sampleDocument, sampleRun, sampleState } from '../testing/samples.ts'
import { trashKeptFor } from './trash.ts'
import type { Store } from '../open-store.ts'

const day = 24 * 3600 * 1000
const conflict = expect.objectContaining({ code: 'conflict' }) as Error
const notFound = expect.objectContaining({ code: 'not-found' }) as Error

/** A run that has ended, with a checkpoint and a curve of some points. */
async function endedRun(store: Store, points = 3): Promise<{ id: string; dataset: string }> {
  const { id, dataset } = await sampleRun(store)
  await store.checkpoints.save(id, sampleState(1), 'stopped')
  store.metrics.append(
    id,
    Array.from({ length: points }, (_, step) => ({ step, name: 'loss', value: step, at: 1 })),
  )
  store.runs.move(id, 'stopped')
  return { id, dataset }
}

test('what was removed is listed with its size, the newest first, until it is restored', () =>
  inFolder(async (folder) => {
    let now = 1000
    const store = openStore(folder, { clock: () => now })
    const { id, dataset } = await endedRun(store)
    expect(await store.trash.list()).toEqual([])
    store.runs.remove([id])
    now = 2000
    store.datasets.remove(dataset)
    const listed = await store.trash.list()
    expect(listed).toMatchObject([
      { kind: 'dataset', id: dataset, name: 'sample', deletedAt: 2000, goneAt: 2000 + trashKeptFor },
      { kind: 'run', id, deletedAt: 1000 },
    ])
    expect(listed[0].bytes).toBeGreaterThan(24 * 17)
    expect(listed[1].bytes).toBeGreaterThan(4000)
    store.runs.restore([id])
    expect(await store.trash.list()).toEqual([])
    store.close()
  }))

test('what is erased is gone with its files, and its room is told', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    // More points than are erased at once.
    const { id, dataset } = await endedRun(store, 25_000)
    store.runs.remove([id])
    store.datasets.remove(dataset)
    const room = (await store.trash.list()).reduce((sum, { bytes }) => sum + bytes, 0)
    expect(await store.trash.erase({ runs: [id], datasets: [dataset] })).toBe(room)
    expect(await store.trash.list()).toEqual([])
    expect([existsSync(join(folder, 'runs', id)), existsSync(join(folder, 'datasets', dataset))]).toEqual([false, false])
    expect(() => store.runs.restore([id])).toThrow(notFound)
    expect(() => store.datasets.restore(dataset)).toThrow(notFound)
    await expect(store.trash.erase({ runs: [id] })).rejects.toThrow(notFound)
    store.close()
    const again = openStore(folder)
    expect(again.opening).toMatchObject({ purged: [], swept: [] })
    again.close()
  }))

test('nothing is erased that something else in the trash would need to come back', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id, dataset } = await endedRun(store)
    const fork = store.runs.create({ document: sampleDocument(dataset, 5), parent: { run: id, step: 1 } })
    store.runs.remove([fork.id, id])
    store.datasets.remove(dataset)
    await expect(store.trash.erase({ runs: [id] })).rejects.toThrow(conflict)
    await expect(store.trash.erase({ datasets: [dataset] })).rejects.toThrow(conflict)
    await expect(store.trash.erase({ runs: [fork.id, 'nobody'] })).rejects.toThrow(notFound)
    expect(await store.trash.list()).toHaveLength(3)
    await store.trash.erase({ runs: [fork.id] })
    await store.trash.erase({ runs: [id], datasets: [dataset] })
    expect(await store.trash.list()).toEqual([])
    store.close()
  }))

test('what is in use cannot be erased, and a data set that came back is left alone', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id, dataset } = await endedRun(store)
    await expect(store.trash.erase({ runs: [id] })).rejects.toThrow(notFound)
    await expect(store.trash.erase({ datasets: [dataset] })).rejects.toThrow(notFound)
    expect(store.runs.get(id).id).toBe(id)
    store.close()
  }))

test('the trash outlives an opening, for thirty days; what was being erased is finished at once', () =>
  inFolder(async (folder) => {
    let now = 1000
    const clock = (): number => now
    const store = openStore(folder, { clock })
    const { id, dataset } = await endedRun(store)
    store.runs.remove([id])
    now += 1000
    store.datasets.remove(dataset)
    store.close()
    now = 1000 + trashKeptFor
    const again = openStore(folder, { clock })
    expect(again.opening.purged).toEqual([])
    expect((await again.trash.list()).map((item) => item.id)).toEqual([dataset, id])
    // Its first step is the mark; the rest is cut off by the end of the process.
    const erasing = again.trash.erase({ runs: [id] }).catch(() => undefined)
    await Promise.resolve()
    again.close()
    await erasing
    const last = openStore(folder, { clock })
    expect(last.runs.find(id)).toBeNull()
    expect(existsSync(join(folder, 'runs', id))).toBe(false)
    expect((await last.trash.list()).map((item) => item.id)).toEqual([dataset])
    last.close()
    now += 1001
    openStore(folder, { clock }).close()
    now += day
    const later = openStore(folder, { clock })
    expect(later.opening).toMatchObject({ purged: ['sample'], swept: [] })
    later.close()
  }))

test('a clock that is months ahead for a while empties nothing', () =>
  inFolder(async (folder) => {
    let now = 1000
    const clock = (): number => now
    const store = openStore(folder, { clock })
    const { id } = await endedRun(store)
    store.runs.remove([id])
    store.close()
    const openedAt = (time: number): string[] => {
      now = time
      const again = openStore(folder, { clock })
      again.close()
      return again.opening.purged
    }
    const ahead = 1000 + 3 * trashKeptFor
    for (const time of [ahead, ahead + day - 1, 2000]) expect(openedAt(time)).toEqual([])
    // Right again: what was seen meanwhile counts for nothing, when it is due and when it is not.
    expect(openedAt(ahead + 2 * day)).toEqual([])
    expect(openedAt(1001 + trashKeptFor)).toEqual([])
    expect(openedAt(1000 + trashKeptFor + day)).toEqual([])
    expect(openedAt(1001 + trashKeptFor + day)).toEqual([id])
  }))

test('a data set stays as long as a run in the trash needs it, whatever the clock said when that was removed', () =>
  inFolder(async (folder) => {
    let now = 1000 + 10 * trashKeptFor
    const clock = (): number => now
    const store = openStore(folder, { clock })
    const { id, dataset } = await endedRun(store)
    store.runs.remove([id])
    now = 1000
    store.datasets.remove(dataset)
    store.close()
    for (const time of [1001 + trashKeptFor, 1001 + trashKeptFor + day]) {
      now = time
      const again = openStore(folder, { clock })
      expect(again.opening.purged).toEqual([])
      again.close()
    }
    const last = openStore(folder, { clock })
    last.runs.restore([id])
    expect(last.datasets.get(dataset)).toMatchObject({ name: 'sample' })
    last.close()
  }))

test('what is erased leaves its place at once: what is put there meanwhile is not touched', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { hash } = await addDataset(store, sampleDataset(), 'one')
    const place = join(folder, 'datasets')
    for (let i = 0; i < 300; i++) writeFileSync(join(place, hash, String(i)), '')
    store.datasets.remove(hash)
    const erasing = store.trash.erase({ datasets: [hash] })
    while (existsSync(join(place, hash))) await new Promise((resolve) => setImmediate(resolve))
    expect(readdirSync(place)).toEqual([expect.stringMatching(/^\.erased-.*\.part$/)])
    await addDataset(store, sampleDataset(), 'one')
    await erasing
    expect(await store.datasets.pixels({ id: hash }, [5])).toEqual(sampleDataset().images.slice(5 * 16, 6 * 16))
    expect(readdirSync(place)).toEqual([hash])
    store.close()
  }))

test('files that were half erased when the process was killed are gone after the next opening', () =>
  inFolder((folder) => {
    openStore(folder).close()
    for (const place of ['datasets', 'runs']) mkdirSync(join(folder, place, '.erased-1.part', 'checkpoints'), { recursive: true })
    const store = openStore(folder)
    expect(store.opening.swept).toEqual(['datasets/.erased-1.part', 'runs/.erased-1.part'])
    expect([...readdirSync(join(folder, 'datasets')), ...readdirSync(join(folder, 'runs'))]).toEqual([])
    expect(existsSync(join(folder, 'orphans'))).toBe(false)
    store.close()
  }))
