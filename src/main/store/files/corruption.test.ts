/** Flips bits in a store's database: every one ends in a sentence, or the store reads as it should. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { databaseName, openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'

/** All that a store says, in one text. */
async function readAll(store: Store): Promise<string> {
  const runs = store.runs.list().map(({ id }) => {
    const { updatedAt: _updatedAt, state: _state, ...run } = store.runs.get(id)
    return { run, loss: store.metrics.read(id, 'loss'), results: store.results.list(id) }
  })
  const states: unknown[] = []
  for (const { run } of runs) states.push(await store.checkpoints.latest(run.id))
  const datasets = []
  for (const { hash } of store.datasets.list()) datasets.push(await store.datasets.reference(hash))
  return JSON.stringify({ runs, states, datasets }).replaceAll(store.dataDir, '')
}

async function openAndRead(folder: string): Promise<string> {
  const store = openStore(folder)
  try {
    return await readAll(store)
  } finally {
    store.close()
  }
}

test('flipped bits in the database never crash it, and never change a document, result or weight unnoticed', () =>
  inFolder(async (folder) => {
    const original = join(folder, 'original')
    const store = openStore(original)
    const run = await sampleRun(store)
    store.metrics.append(
      run.id,
      Array.from({ length: 300 }, (_, step) => ({ step, name: 'loss', value: step, at: step })),
    )
    await store.checkpoints.save(run.id, sampleState(1, 10), 'periodic')
    store.runs.move(run.id, 'finished')
    store.close()
    const bytes = readFileSync(join(original, databaseName))
    const healthy = JSON.parse(await openAndRead(original)) as { runs: { run: { document: unknown } }[]; states: { state: unknown }[] }
    // Where something stands: most of a fresh database is empty.
    const used = Array.from(bytes.keys()).filter((place) => bytes[place] !== 0)
    const flips = 100
    const counts = { same: 0, named: 0, altered: 0 }
    for (let i = 0; i < flips; i++) {
      const copy = join(folder, 'copy')
      cpSync(original, copy, { recursive: true })
      const flipped = Buffer.from(bytes)
      const random = Math.imul(i + 1, 2654435761) >>> 0
      flipped[used[(random >>> 3) % used.length]] ^= 1 << (random & 7)
      writeFileSync(join(copy, databaseName), flipped)
      try {
        const read = JSON.parse(await openAndRead(copy)) as typeof healthy
        if (JSON.stringify(read) === JSON.stringify(healthy)) counts.same++
        else {
          // A number in a cell (a metric's value, a time): SQLite has no checksums for these. What decides bits has.
          counts.altered++
          for (const [j, { run: one }] of read.runs.entries()) expect(one.document).toEqual(healthy.runs[j].run.document)
          for (const [j, state] of read.states.entries()) expect(state.state).toEqual(healthy.states[j].state)
        }
      } catch (error) {
        if (!(error instanceof LabError)) throw error
        expect(['corrupt', 'bad-input', 'newer-store', 'not-found', 'disk']).toContain(error.code)
        expect(error.remedy).not.toBe('')
        counts.named++
      }
      rmSync(copy, { recursive: true })
    }
    process.stdout.write(
      `database: of ${flips} flipped bits ${counts.named} named, ${counts.same} without effect, ${counts.altered} changed a value without checksum, 0 crashes\n`,
    )
    expect(counts.named).toBeGreaterThan(0)
  }))

test('a database that is no database, or is cut off, is named, and nothing is changed', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    await sampleRun(store)
    store.close()
    const path = join(folder, databaseName)
    const bytes = readFileSync(path)
    for (const damaged of [
      Buffer.from('not a database at all'.repeat(300)),
      bytes.subarray(0, 5000),
      bytes.subarray(0, bytes.length - 9000),
    ]) {
      writeFileSync(path, damaged)
      expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'corrupt' }) as Error)
      expect(() => openStore(folder, { readOnly: true }).runs.list()).toThrow(LabError)
      expect(readFileSync(path).equals(damaged)).toBe(true)
    }
    writeFileSync(path, bytes)
    expect(await openAndRead(folder)).toContain('training')
  }))
