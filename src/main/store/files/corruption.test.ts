/** Damages a store's database while nobody has it open. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { repairStore } from '../health/repair.ts'
import { databaseName } from './folders.ts'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'

/** Bits that are flipped; WEIGHTSCAPE_DAMAGES asks for more. */
const flips = Number(process.env['WEIGHTSCAPE_DAMAGES'] ?? 10)

/** All that a store says, in one text. */
async function readAll(store: Store): Promise<string> {
  const runs = store.runs.list().map(({ id }) => {
    const { updatedAt: _updatedAt, state: _state, ...run } = store.runs.get(id)
    return { run, loss: store.metrics.read(id, 'loss'), results: store.results.list(id) }
  })
  const states: unknown[] = []
  for (const { run } of runs) states.push(await store.checkpoints.latest(run.id))
  const datasets = []
  for (const { hash } of store.datasets.list()) datasets.push(await store.datasets.reference({ id: hash }))
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

test('a bit that flips in a database while it is closed is said, and put back', { timeout: 20_000 + flips * 2_000 }, () =>
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
    const healthy = await openAndRead(original)
    let whole = 0
    for (let i = 0; i < flips; i++) {
      const copy = join(folder, 'copy')
      cpSync(original, copy, { recursive: true })
      const flipped = Buffer.from(bytes)
      const random = Math.imul(i + 1, 2654435761) >>> 0
      flipped[(random >>> 3) % bytes.length] ^= 1 << (random & 7)
      writeFileSync(join(copy, databaseName), flipped)
      for (const readOnly of [true, false]) expect(() => openStore(copy, { readOnly })).toThrow(LabError)
      expect(repairStore(copy)).toMatchObject({ runs: 1, datasets: 1, checkpoints: 1, lost: [] })
      if ((await openAndRead(copy)) === healthy) whole++
      rmSync(copy, { recursive: true })
    }
    process.stdout.write(`database at rest: ${flips} of ${flips} flipped bits said, ${whole} put back\n`)
    expect(whole).toBe(flips)
  }),
)

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
