/**
 * Damages the database of a lab in every way that a disk or a hand might, as it stands after a kill: each is said before
 * anything is written, and the repair loses nothing that a file still holds. WEIGHTSCAPE_DAMAGES asks for more bits.
 */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { databaseName } from '../files/folders.ts'
import { openStore } from '../open-store.ts'
import { sha256 } from '../files/files.ts'
import { addDataset, inFolder, sampleDataset, sampleDocument, sampleState } from '../testing/samples.ts'
import type { Store } from '../open-store.ts'
import { repairStore } from './repair.ts'

/** Bits flipped in the log; all hundred, with everything else, take some minutes. */
const flips = Number(process.env['WEIGHTSCAPE_DAMAGES'] ?? 4)
const isWhole = flips >= 100
const points = 50

/** A lab with something of everything. @param between runs is done between the runs */
async function fillLab(store: Store, between: () => void): Promise<void> {
  const { hash } = await addDataset(store, sampleDataset(), 'shapes')
  for (const [i, name] of ['first', 'second'].entries()) {
    const { id } = store.runs.create({ document: sampleDocument(hash), name, tags: ['kept'], note: `note ${i}` })
    store.runs.move(id, 'training')
    for (const step of [250, 500]) {
      const batch = Array.from({ length: points }, (_, k) => ({ step: step * points + k, name: 'loss', value: k * 0.5, at: k }))
      store.metrics.append(id, batch)
      await store.checkpoints.save(id, sampleState(step + i), 'periodic')
    }
    const checkpoint = store.checkpoints.list(id)[0]
    store.checkpoints.pin(id, checkpoint.step, true)
    const about = { run: id, kind: 'map', step: checkpoint.step, checkpoint: checkpoint.hash, seed: 1, count: 3, networks: [0, 2, 4] }
    const row = { ...about, dataset: hash, split: 'test' as const, images: 4, options: { perplexity: 3 }, result: { n: 3, seconds: 1 } }
    store.results.add(row, await store.results.write(row, { coordinates: { shape: [3, 2], data: new Float32Array(6).fill(i) } }))
    store.results.add({ ...row, kind: 'evaluation', networks: null, result: { mean: 0.9 + i / 100 } })
    store.networks.bookmark({ run: id, checkpoint: checkpoint.hash, seed: 1, index: 2, label: 'a good one', accuracy: 0.95 })
    store.runs.move(id, i === 0 ? 'finished' : 'paused', { step: checkpoint.step })
    if (i === 0) between()
  }
}

/** What files hold of a lab: all but curves and logs. */
async function heldByFiles(folder: string): Promise<unknown> {
  const store = openStore(folder)
  try {
    const runs = []
    for (const { id } of store.runs.list()) {
      const { updatedAt: _updatedAt, accuracy: _accuracy, seconds: _seconds, ...run } = store.runs.get(id)
      const results = []
      for (const found of store.results.list(id)) {
        const { id: _key, file, ...result } = found
        results.push({ ...result, file: file?.hash, arrays: await store.results.arrays(found) })
      }
      const checkpoints = store.checkpoints.list(id).map(({ path: _path, ...checkpoint }) => checkpoint)
      const networks = store.networks.list(id).map(({ id: _key, ...network }) => network)
      runs.push({ run, checkpoints, results, networks, state: (await store.checkpoints.latest(id))?.state })
    }
    const datasets = []
    for (const dataset of store.datasets.list())
      datasets.push({ ...dataset, sound: (await store.datasets.reference({ id: dataset.hash })).count })
    return { runs, datasets }
  } finally {
    store.close()
  }
}

const curvePoints = (folder: string): number => {
  const store = openStore(folder, { readOnly: true })
  try {
    return store.runs.list().reduce((sum, { id }) => sum + store.metrics.read(id, 'loss').length, 0)
  } finally {
    store.close()
  }
}

/** Checksums of all files but what opening is free to write. */
function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^lock\.|-shm$/.test(entry.name) && statSync(join(entry.parentPath, entry.name)).size > 0)
    .map(({ parentPath, name }) => `${join(parentPath, name)} ${sha256(readFileSync(join(parentPath, name)))}`.replace(folder, ''))
    .sort()
}

interface Damage {
  name: string
  to(database: string): void
}

const flip = (path: string, place: number): void => {
  const bytes = readFileSync(path)
  bytes[place % bytes.length] ^= 1 << (place % 8)
  writeFileSync(path, bytes)
}
const bits: Damage[] = Array.from({ length: flips }, (_, i) => ({
  name: `bit ${i} of the log flipped`,
  to: (path) => flip(`${path}-wal`, (Math.imul(i + 1, 2654435761) >>> 0) + 7 * i),
}))
const cut = (ending: string, share: number): Damage => ({
  name: `${ending === '' ? 'the database' : 'the log'} cut at ${share}`,
  to: (path) => truncateSync(path + ending, Math.floor(statSync(path + ending).size * share)),
})
const gone = (...endings: string[]): Damage => ({
  name: `${databaseName}{${endings.join(',')}} deleted`,
  to: (path) => endings.forEach((ending) => rmSync(path + ending, { force: true })),
})
const hands: Damage[] = [
  ...[0, 0.01, 0.25, 0.5, 0.75, 0.98].map((share) => cut('-wal', share)),
  ...[0, 0.3, 0.6, 0.9].map((share) => cut('', share)),
  gone('-wal'),
  gone(''),
  gone('', '-wal', '-shm'),
  {
    name: 'all of it deleted, and the mark',
    to: (path) =>
      [...readdirSync(join(path, '..'))]
        .filter((name) => /^(weightscape|commit)/.test(name))
        .forEach((name) => rmSync(join(path, '..', name))),
  },
  { name: 'the database is another file', to: (path) => writeFileSync(path, 'not a database at all'.repeat(300)) },
]

/** @returns how many were said, without effect, and whole again; the names of those after which every curve was there */
async function damageAll(between: (original: string) => void, damages: readonly Damage[]) {
  return inFolder(async (folder) => {
    const original = join(folder, 'original')
    const store = openStore(original)
    await fillLab(store, () => between(original))
    // As a kill leaves it: nothing was closed.
    const killed = join(folder, 'killed')
    cpSync(original, killed, { recursive: true })
    store.close()
    const expected = await heldByFiles(original)
    const all = curvePoints(original)
    const figures = { said: 0, harmless: 0, whole: 0, curves: [] as string[] }
    for (const { name, to } of damages) {
      const copy = join(folder, 'copy')
      cpSync(killed, copy, { recursive: true })
      to(join(copy, databaseName))
      const before = filesOf(copy)
      const refusals = [true, false].map((readOnly) => refusal(copy, readOnly))
      let report: unknown = 'not said'
      if (refusals[0] !== null) {
        for (const error of refusals)
          expect(error, name).toMatchObject({ code: 'corrupt', help: { action: 'repair', settings: { dataDir: copy } } })
        expect(filesOf(copy), name).toEqual(before)
        figures.said++
        report = repairStore(copy)
      } else figures.harmless++
      expect(await heldByFiles(copy), `${name}: ${JSON.stringify(report)}`).toEqual(expected)
      figures.whole++
      const points = curvePoints(copy)
      if (points === all) figures.curves.push(name)
      // What is not said must not matter.
      if (refusals[0] === null) expect(points, name).toBe(all)
      rmSync(copy, { recursive: true })
    }
    return figures
  })
}

function refusal(folder: string, readOnly: boolean): LabError | null {
  try {
    openStore(folder, { readOnly }).close()
    return null
  } catch (error) {
    if (error instanceof LabError) return error
    throw error
  }
}

test.each([
  ['that is all in its log', true, () => undefined],
  ['that is partly in its log', false, copyLog],
])('a damaged lab %s is said to be, and rebuilt', { timeout: 60_000 + flips * 5_000 }, async (what, holdsAll, between) => {
  const damages = [...bits, ...hands.filter((_, i) => isWhole || i % 3 === 0)]
  const { said, harmless, whole, curves } = await damageAll(between, damages)
  process.stdout.write(
    `database ${what}: of ${damages.length} damages ${said} said, ${harmless} without effect; ${whole} whole again, ${curves.length} with every curve\n`,
  )
  expect(whole).toBe(damages.length)
  // A whole log makes up for a database of which less is there, or nothing, where it holds all.
  const less = damages.map(({ name }) => name).filter((name) => name.startsWith('the database cut'))
  expect(less).toContain('the database cut at 0')
  if (holdsAll) expect(curves).toEqual(expect.arrayContaining(less))
})

/** What SQLite does when the log has grown: its frames go into the database, and it begins again. */
function copyLog(folder: string): void {
  const raw = new Sqlite(join(folder, databaseName))
  raw.pragma('wal_checkpoint(PASSIVE)')
  raw.close()
}
