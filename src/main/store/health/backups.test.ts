import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, test } from 'vitest'
import { databaseName } from '../files/folders.ts'
import { openStore, type Store } from '../open-store.ts'
import { addDataset, inFolder, sampleDataset, sampleDocument, sampleRun, sampleState } from '../testing/samples.ts'
import { repairStore } from './repair.ts'

const hour = 3600 * 1000
const day = 24 * hour
const backups = (folder: string): string[] => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')).sort() : [])

/** Something to be copied, in a store that is closed then. */
async function fill(store: Store): Promise<void> {
  await addDataset(store, sampleDataset(), 'shapes')
  store.close()
}

test('a lab with something in it is copied once a day when it is opened; three copies stay', () =>
  inFolder(async (folder) => {
    let now = Date.UTC(2026, 0, 1)
    const open = () => openStore(folder, { clock: () => now })
    open().close()
    expect(backups(folder)).toEqual([])
    await fill(open())
    for (let i = 0; i < 5; i++) {
      now += day / 2
      open().close()
    }
    expect(backups(folder)).toHaveLength(3)
    for (let i = 0; i < 4; i++) {
      now += day
      open().close()
    }
    expect(backups(folder)).toEqual(['05', '06', '07'].map((date) => expect.stringMatching(`^lab-2026-01-${date}T`) as string))
  }))

test('copies go where they are too large together, the newest never, and those from before migrations stay', () =>
  inFolder(async (folder) => {
    let now = Date.UTC(2026, 0, 1)
    const open = () => openStore(folder, { clock: () => now })
    await fill(open())
    const place = join(folder, 'backups')
    mkdirSync(place)
    const former = ['lab-2025-12-28T00-00-00-000Z.db', 'lab-2025-12-29T00-00-00-000Z.db', 'version-3-2025-12-01T00-00-00-000Z.db']
    for (const name of former) writeFileSync(join(place, name), '')
    // Of a gigabyte that takes no room.
    truncateSync(join(place, former[0]), 2 ** 30)
    open().close()
    expect(backups(folder)).toEqual([former[1], expect.stringMatching(/^lab-2026-01-01T/), former[2]])
    truncateSync(join(place, former[1]), 2 ** 30 + 1)
    for (let i = 0; i < 4; i++) {
      now += day
      open().close()
    }
    expect(backups(folder)).toEqual([
      ...['03', '04', '05'].map((date) => expect.stringMatching(`^lab-2026-01-${date}T`) as string),
      former[2],
    ])
  }))

test('copies of a clock that was ahead stand in the way of none, and go first', () =>
  inFolder(async (folder) => {
    let now = Date.UTC(2026, 0, 1)
    const open = () => openStore(folder, { clock: () => now })
    await fill(open())
    for (const month of [6, 7, 8]) {
      now = Date.UTC(2026, month, 1)
      open().close()
    }
    expect(backups(folder)).toHaveLength(3)
    for (const date of [3, 4, 5]) {
      now = Date.UTC(2026, 0, date)
      open().close()
      expect(backups(folder).some((name) => name.startsWith(`lab-2026-01-0${date}`))).toBe(true)
    }
    expect(backups(folder).map((name) => name.slice(0, 14))).toEqual(['lab-2026-01-03', 'lab-2026-01-04', 'lab-2026-01-05'])
  }))

test('a run that has ended is in a copy when the lab is closed at the latest, with its curves', () =>
  inFolder(async (folder) => {
    let now = Date.UTC(2026, 0, 1)
    const store = openStore(folder, { clock: () => now })
    const { id, dataset } = await sampleRun(store)
    store.metrics.append(id, [{ step: 1, name: 'loss', value: 0.5, at: 1 }])
    store.runs.move(id, 'finished')
    expect(backups(folder)).toHaveLength(1)
    // The next one ends soon after: not copied at once.
    now += hour / 60
    const next = store.runs.create({ document: sampleDocument(dataset) })
    store.runs.move(next.id, 'training')
    store.runs.move(next.id, 'failed')
    expect(backups(folder)).toHaveLength(1)
    store.close()
    expect(backups(folder)).toHaveLength(2)
    const raw = new Sqlite(join(folder, 'backups', backups(folder)[1]), { readonly: true })
    expect(raw.prepare('SELECT id FROM run ORDER BY key').pluck().all()).toEqual([id, next.id])
    expect(raw.prepare('SELECT value FROM metric').pluck().all()).toEqual([0.5])
    raw.close()
  }))

test('what a copy holds comes back with what was made since; what was erased does not', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id, dataset } = await sampleRun(store)
    store.metrics.append(id, [{ step: 1, name: 'loss', value: 0.5, at: 1 }])
    const gone = store.runs.create({ document: sampleDocument(dataset) })
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    store.runs.move(id, 'finished')
    store.runs.remove([gone.id])
    await store.trash.erase({ runs: [gone.id] })
    const later = store.runs.create({ document: sampleDocument(dataset), name: 'later' })
    await store.checkpoints.save(later.id, sampleState(2), 'periodic')
    store.close()
    for (const name of [databaseName, 'commit-mark']) rmSync(join(folder, name))
    expect(repairStore(folder)).toMatchObject({ runs: 2, checkpoints: 2, kept: null, lost: [] })
    const again = openStore(folder)
    expect(
      again.runs
        .list()
        .map((run) => run.id)
        .sort(),
    ).toEqual([id, later.id].sort())
    expect(again.metrics.read(id, 'loss')).toEqual([{ step: 1, value: 0.5, at: 1 }])
    expect(again.runs.get(later.id).name).toBe('later')
    again.close()
  }))

test('a folder of an older version, without records, is rebuilt from its checkpoints and manifests', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id, dataset, document } = await sampleRun(store)
    for (const step of [1, 1000]) await store.checkpoints.save(id, sampleState(step), 'periodic')
    const lost = store.runs.create({ document: sampleDocument(dataset) })
    store.close()
    for (const place of [`runs/${id}`, `runs/${lost.id}`, `datasets/${dataset}`]) rmSync(join(folder, place, 'record.json'))
    for (const name of [databaseName, 'commit-mark', 'backups']) rmSync(join(folder, name), { recursive: true, force: true })
    expect(() => openStore(folder)).toThrow(/is not there.* 1 run and 1 data set/)
    expect(repairStore(folder)).toMatchObject({ runs: 1, datasets: 1, checkpoints: 2 })
    const again = openStore(folder)
    expect(again.runs.get(id)).toMatchObject({ state: 'finished', step: 1000, document })
    expect((await again.checkpoints.latest(id))!.state).toEqual(sampleState(1000))
    expect(again.datasets.get(dataset)).toMatchObject({ name: 'sample', count: 24, classNames: ['round', 'straight', 'both'] })
    again.close()
  }))

test('of records, rows whose files are gone do not come back', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    const { path } = await store.checkpoints.save(id, sampleState(1), 'periodic')
    await store.checkpoints.save(id, sampleState(2), 'periodic')
    store.close()
    for (const name of [databaseName, 'commit-mark', 'backups']) rmSync(join(folder, name), { recursive: true, force: true })
    rmSync(path)
    repairStore(folder)
    const again = openStore(folder)
    expect(again.checkpoints.list(id).map(({ step }) => step)).toEqual([2])
    again.close()
  }))

test('runs that an older version had set aside come back', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    store.close()
    const empty = join(folder, 'elsewhere')
    openStore(empty).close()
    mkdirSync(join(empty, 'orphans'))
    for (const [kind, name] of [
      ['runs', id],
      ['datasets', readdirSync(join(folder, 'datasets'))[0]],
    ])
      renameSync(join(folder, kind, name), join(empty, 'orphans', `${kind}-${name}-1764300000000`))
    expect(repairStore(empty)).toMatchObject({ runs: 1, datasets: 1, checkpoints: 1, lost: [] })
    const again = openStore(empty)
    expect(again.runs.list().map((run) => run.id)).toEqual([id])
    expect(await again.trash.list()).toEqual([])
    again.close()
  }))
