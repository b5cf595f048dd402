/** Disks that are full, read-only or gone. Real ones, so it needs the right to mount; elsewhere these are skipped, visibly. */
import { execFileSync } from 'node:child_process'
import { cpSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openStore } from '../open-store.ts'
import { cannotMount, fillDisk, mountDisk } from '../testing/disks.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

/** Runs `work` in a disk of its own of some MiB. */
async function onDisk<T>(mebibytes: number, work: (folder: string) => T | Promise<T>): Promise<T> {
  const disk = mountDisk(mebibytes)
  try {
    return await work(disk.folder)
  } finally {
    disk.remove()
  }
}

const obstacle = cannotMount()
if (obstacle !== null) process.stdout.write(`disk: full and read-only disks are SKIPPED (${obstacle})\n`)
const onRealDisk = test.skipIf(obstacle !== null)

onRealDisk('a full disk: each write is refused with a sentence, what was acknowledged stays, and all goes on when there is room', () =>
  onDisk(6, async (folder) => {
    const data = join(folder, 'data')
    const store = openStore(data)
    const { id } = await sampleRun(store)
    const saved = await store.checkpoints.save(id, sampleState(1, 100_000), 'periodic')
    const ballast = fillDisk(folder, 200_000)
    let refused = 0
    for (let step = 2; step <= 4; step++) {
      await expect(store.checkpoints.save(id, sampleState(step, 100_000), 'periodic')).rejects.toMatchObject({
        code: 'disk',
        message: expect.stringContaining('full') as string,
      })
      refused++
    }
    // The database needs longer to fill what is left: it has room in its log.
    const full = ((): unknown => {
      try {
        for (let batch = 0; batch < 1000; batch++) {
          store.metrics.append(
            id,
            Array.from({ length: 200 }, (_, i) => ({ step: batch * 200 + i, name: 'loss', value: i, at: 0 })),
          )
        }
      } catch (error) {
        return error
      }
      return null
    })()
    expect(full).toBeInstanceOf(LabError)
    expect(full).toMatchObject({ code: 'disk' })
    expect((await store.checkpoints.latest(id))!.record).toEqual(saved)
    expect(readdirSync(join(data, 'runs', id, 'checkpoints'))).toHaveLength(1)
    rmSync(ballast)
    expect((await store.checkpoints.save(id, sampleState(5, 100_000), 'periodic')).step).toBe(5)
    store.metrics.append(id, [{ step: 1_000_000, name: 'loss', value: 1, at: 0 }])
    store.close()
    const again = openStore(data)
    expect((await again.checkpoints.latest(id))!.state.step).toBe(5)
    again.close()
    process.stdout.write(
      `disk: ${refused} of 3 checkpoints and the metrics refused on a full disk, nothing lost, went on when there was room\n`,
    )
  }),
)

onRealDisk('a full disk at the first opening leaves a sentence', () =>
  onDisk(1, (folder) => {
    fillDisk(folder, 0)
    expect(() => openStore(join(folder, 'data'))).toThrow(expect.objectContaining({ code: 'disk' }) as Error)
  }),
)

onRealDisk('a read-only disk: opening for writing is refused with a sentence, reading works', () =>
  onDisk(4, async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    // As one that was killed leaves it.
    await inFolder((copy) => {
      cpSync(folder, copy, { recursive: true })
      cpSync(copy, join(folder, 'left-open'), { recursive: true })
    })
    store.close()
    // Who read last has left an empty log and its index.
    openStore(folder, { readOnly: true }).close()
    expect(readdirSync(folder)).toContain('weightscape.db-shm')
    execFileSync('mount', ['-o', 'remount,ro', folder])
    expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'disk' }) as Error)
    expect(() => openStore(join(folder, 'new'))).toThrow(expect.objectContaining({ code: 'disk' }) as Error)
    expect(() => openStore(join(folder, 'left-open'), { readOnly: true })).toThrow(
      `${join(folder, 'left-open', 'weightscape.db')} was not closed properly and lies where nothing can be written.`,
    )
    const reader = openStore(folder, { readOnly: true })
    expect(reader.runs.list().map((run) => run.state)).toEqual(['interrupted'])
    expect((await reader.checkpoints.latest(id))!.state).toEqual(sampleState(1))
    reader.close()
    process.stdout.write('disk: a read-only folder refuses to be written with a sentence, and can be read\n')
  }),
)

onRealDisk('a folder that turns read-only while a run trains: the write is refused, and goes on when it is mended', () =>
  onDisk(6, async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    // Root may write where permissions forbid it, but not where the folder is immutable.
    execFileSync('chattr', ['+i', join(folder, 'runs', id, 'checkpoints')])
    await expect(store.checkpoints.save(id, sampleState(2), 'periodic')).rejects.toMatchObject({ code: 'disk' })
    execFileSync('chattr', ['-i', join(folder, 'runs', id, 'checkpoints')])
    await store.checkpoints.save(id, sampleState(2), 'periodic')
    expect((await store.checkpoints.latest(id))!.state.step).toBe(2)
    store.close()
  }),
)

test('a folder that vanished is not written into thin air', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data')
    const store = openStore(data)
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    renameSync(data, join(folder, 'elsewhere'))
    await expect(store.checkpoints.save(id, sampleState(2), 'periodic')).rejects.toMatchObject({ code: 'disk' })
    expect(() => store.metrics.append(id, [{ step: 1, name: 'loss', value: 1, at: 0 }])).toThrow(
      expect.objectContaining({ code: 'disk' }) as Error,
    )
    // Somebody else's store in its place is not ours either.
    openStore(data).close()
    expect(() => store.metrics.append(id, [{ step: 1, name: 'loss', value: 1, at: 0 }])).toThrow(/no longer the file/)
    rmSync(data, { recursive: true })
    renameSync(join(folder, 'elsewhere'), data)
    await store.checkpoints.save(id, sampleState(2), 'periodic')
    expect((await store.checkpoints.latest(id))!.state.step).toBe(2)
    store.close()
  }))

test('a place where no folder can be made is named', () =>
  inFolder((folder) => {
    writeFileSync(join(folder, 'file'), 'x')
    expect(() => openStore(join(folder, 'file', 'data'))).toThrow(expect.objectContaining({ code: 'disk' }) as Error)
  }))
