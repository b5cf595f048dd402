/** Files of a store change places: those of two runs, of two data sets, of two kinds. */
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openStore, type Store } from '../open-store.ts'
import { addDataset, inFolder, sampleDataset, sampleDocument, sampleState } from '../testing/samples.ts'

/** A run with a data set, a checkpoint, a result and probabilities of its own. @param own makes all of them its own */
async function fill(store: Store, own: number): Promise<void> {
  const { hash: dataset } = await addDataset(store, sampleDataset(own), `sample ${own}`)
  const { id: run } = store.runs.create({ document: sampleDocument(dataset, 1000 + own) })
  const { hash: checkpoint } = await store.checkpoints.save(run, sampleState(own), 'periodic')
  const about = { run, kind: 'map', step: own, checkpoint, seed: own, count: 2, networks: null, dataset, split: 'test', images: 4 } as const
  const row = { ...about, options: {}, result: { own } }
  store.results.add(row, await store.results.write(row, { points: { shape: [2], data: Float32Array.of(own, -own) } }))
  const cache = await store.probabilities.begin({ run, checkpoint, seed: own, count: 2, dataset, split: 'test', images: 4 }, 3)
  await cache.write(0, new Float32Array(24).fill(own / 10))
  await cache.commit()
}

/** What each thing of the store says: itself, or that it is damaged. */
async function told(folder: string): Promise<string[]> {
  const store = openStore(folder)
  try {
    const things = store.runs.list().flatMap(({ id }) => {
      const { dataset } = store.runs.get(id)
      const [result] = store.results.list(id)
      const [cache] = store.probabilities.list(id)
      return [
        () => store.checkpoints.latest(id).then((latest) => latest?.state),
        () => store.results.arrays(result),
        () => store.probabilities.read(cache, 0, 2),
        () => store.datasets.labels({ id: dataset }),
        () => store.datasets.pixels({ id: dataset }, [3]),
        () => store.datasets.colours(store.runs.get(id).document.data),
        () => store.datasets.reference({ id: dataset }).then(({ imagesPath }) => readFileSync(imagesPath)),
      ]
    })
    const words = []
    for (const thing of things) {
      words.push(
        await thing().then(
          (value) => JSON.stringify(value),
          (error: unknown) => (error instanceof LabError && error.code === 'corrupt' ? 'damaged' : String(error)),
        ),
      )
    }
    return words
  } finally {
    store.close()
  }
}

test('whatever has changed places is named as damaged, and never taken for another', { timeout: 300_000 }, () =>
  inFolder(async (folder) => {
    const original = join(folder, 'original')
    const store = openStore(original)
    for (const own of [1, 2]) await fill(store, own)
    store.close()
    const sound = await told(original)
    const files = globSync('{runs,datasets}/**/*.{safetensors,u8,f32}', { cwd: original })
    const bytes = files.map((name) => readFileSync(join(original, name)))
    const pairs = files.flatMap((_, i) => files.map((_, k) => [i, k] as const)).filter(([i, k]) => i < k && !bytes[i].equals(bytes[k]))
    expect(pairs.length).toBeGreaterThan(20)
    for (const [i, k] of pairs) {
      const copy = join(folder, 'copy')
      cpSync(original, copy, { recursive: true })
      writeFileSync(join(copy, files[i]), bytes[k])
      writeFileSync(join(copy, files[k]), bytes[i])
      const found = await told(copy)
      const others = found.filter((words, at) => words !== sound[at] && words !== 'damaged')
      expect(others, `${files[i]} and ${files[k]}`).toEqual([])
      expect(found, `${files[i]} and ${files[k]}`).toContain('damaged')
      rmSync(copy, { recursive: true })
    }
    process.stdout.write(`files that changed places: ${pairs.length} of ${pairs.length} pairs named\n`)
  }),
)
