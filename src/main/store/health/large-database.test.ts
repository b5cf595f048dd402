/** Copies of a database where the disk has no room for them, or where it is so large that copying it holds up everything else. */
import type * as fs from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { openStore } from '../open-store.ts'
import { inFolder, sampleRun } from '../testing/samples.ts'

const megabyte = 2 ** 20
const disk = vi.hoisted(() => ({ free: Infinity, database: 0 }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  return {
    ...real,
    statfsSync: () => ({ bavail: disk.free, bsize: 1 }),
    statSync(path: string, ...rest: [fs.StatSyncOptions?]) {
      const facts = real.statSync(path, ...rest)
      if (disk.database > 0 && path.endsWith('weightscape.db')) Object.assign(facts!, { size: disk.database })
      return facts
    },
  }
})
beforeEach(() => Object.assign(disk, { free: Infinity, database: 0 }))

const { existsSync, readdirSync } = await vi.importActual<typeof fs>('node:fs')
const copies = (folder: string): number => (existsSync(join(folder, 'backups')) ? readdirSync(join(folder, 'backups')).length : 0)

test('none is made where the disk has not three times its room, and that is said', () =>
  inFolder(async (folder) => {
    const notes: string[] = []
    const store = openStore(folder, { onNote: (note) => notes.push(note) })
    const { id } = await sampleRun(store)
    Object.assign(disk, { free: 3 * megabyte - 1, database: megabyte })
    store.runs.move(id, 'finished')
    expect([copies(folder), notes]).toEqual([0, ['The database could not be backed up: there is too little room on the disk']])
    disk.free++
    store.runs.move(id, 'queued')
    store.runs.move(id, 'finished')
    expect([copies(folder), notes.length]).toEqual([1, 1])
    store.close()
  }))

test.each([
  [32, 1],
  [33, 0],
])('of %d MB %d is made as a run ends; of a larger one when the lab is closed', (size, found) =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    disk.database = size * megabyte
    store.runs.move(id, 'finished')
    expect(copies(folder)).toBe(found)
    store.close()
    expect(copies(folder)).toBe(1)
  }),
)
