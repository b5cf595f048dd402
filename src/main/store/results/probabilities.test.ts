import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'
import type { ProbabilityCache, ProbabilityKey } from '../types.ts'

const classes = 3
const images = 4

async function sampleKey(store: Store, count: number): Promise<ProbabilityKey> {
  const run = await sampleRun(store)
  const { hash } = await store.checkpoints.save(run.id, sampleState(1), 'periodic')
  return { run: run.id, checkpoint: hash, seed: 5, count, dataset: run.dataset, split: 'validation', images }
}

/** Each number tells its network. */
function block(first: number, count: number): Float32Array {
  return Float32Array.from({ length: count * images * classes }, (_, i) => first + Math.floor(i / (images * classes)) + i / 1000)
}

test('a cache is written as it comes, in any order, and read in parts', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const key = await sampleKey(store, 5)
    const writer = await store.probabilities.begin(key, classes)
    await writer.write(3, block(3, 2))
    expect(store.probabilities.find(key)).toBeNull()
    await writer.write(0, block(0, 3))
    const cache = await writer.commit()
    expect(store.probabilities.find(key)).toEqual(cache)
    expect(store.probabilities.find({ ...key, count: 2 })).toEqual(cache)
    expect(store.probabilities.find({ ...key, count: 6 })).toBeNull()
    for (const other of [
      { seed: 6 },
      { checkpoint: 'other' },
      { dataset: 'other' },
      { split: 'test' },
      { images: 3 },
      { images: 5 },
    ] as const)
      expect(store.probabilities.find({ ...key, ...other })).toBeNull()
    // By what it is made from alone, whichever run asks.
    expect(store.probabilities.find({ ...key, run: 'other' })).toEqual(cache)
    expect(await store.probabilities.read(cache, 3, 2)).toEqual(block(3, 2))
    expect(readFileSync(cache.path).length).toBe(cache.bytes)
    expect(store.probabilities.totalBytes()).toBe(5 * images * classes * 4)
    await store.probabilities.verify(cache)
    await store.probabilities.remove(cache.id)
    expect([store.probabilities.find(key), existsSync(cache.path)]).toEqual([null, false])
    store.close()
  }))

test('the damaged network is named, and the cache is not given again', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const key = await sampleKey(store, 20)
    const fill = async (): Promise<ProbabilityCache> => {
      const writer = await store.probabilities.begin(key, classes)
      await writer.write(0, block(0, 20))
      return writer.commit()
    }
    const cache = await fill()
    const bytes = readFileSync(cache.path)
    bytes[17 * images * classes * 4 + 3] ^= 1
    writeFileSync(cache.path, bytes)
    expect(await store.probabilities.read(cache, 0, 17)).toHaveLength(17 * images * classes)
    expect(store.probabilities.find(key)).toEqual(cache)
    await expect(store.probabilities.verify(cache)).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('network 17 ') as string,
    })
    expect(store.probabilities.find(key)).toBeNull()
    const second = await fill()
    await store.probabilities.verify(second)
    writeFileSync(second.path, bytes.subarray(0, 100))
    expect(store.probabilities.find(key)).toBeNull()
    await expect(store.probabilities.read(second, 10, 1)).rejects.toMatchObject({ code: 'corrupt' })
    store.close()
  }))

test('an unfinished or discarded cache leaves nothing', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const key = await sampleKey(store, 3)
    const incomplete = await store.probabilities.begin(key, classes)
    await incomplete.write(0, block(0, 2))
    await expect(incomplete.commit()).rejects.toThrow(/2 of 3/)
    const discarded = await store.probabilities.begin(key, classes)
    await discarded.write(0, block(0, 3))
    await discarded.discard()
    expect(readdirSync(join(folder, 'runs', key.run, 'probabilities'))).toEqual([])
    const dropped = await store.probabilities.begin(key, classes)
    await dropped.write(0, block(0, 1))
    store.close()
    const again = openStore(folder)
    expect(again.opening.swept).toHaveLength(1)
    expect(again.probabilities.list(key.run)).toEqual([])
    again.close()
  }))

test('a cache that gets no row leaves no file', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    // A seed that no row can hold.
    const key = { ...(await sampleKey(store, 1)), seed: Number.NaN }
    const writer = await store.probabilities.begin(key, classes)
    await writer.write(0, block(0, 1))
    await expect(writer.commit()).rejects.toThrow(/NOT NULL/)
    expect(readdirSync(join(folder, 'runs', key.run, 'probabilities'))).toEqual([])
    store.close()
  }))
