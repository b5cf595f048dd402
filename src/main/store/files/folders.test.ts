/** Who may look into a data folder, and where none can be. */
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { openingFailure } from '../failures.ts'
import { openStore } from '../open-store.ts'
import { keepPrivate } from './folders.ts'
import { inFolder, sampleRun, sampleState } from '../testing/samples.ts'

const modes = (folder: string): Record<string, string> =>
  Object.fromEntries(
    [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))].map((path) => [
      path.slice(folder.length),
      (statSync(path).mode & 0o777).toString(8),
    ]),
  )

test('where something else lies than the lab has put there, the opening says what, and is no defect', () =>
  inFolder(async (folder) => {
    for (const [name, isFolder] of Object.entries({
      ...{ 'weightscape.db': true, 'weightscape.db-wal': true, 'commit-mark': true, 'lock.db': true, 'lock.json': true },
      ...{ runs: false, datasets: false, backups: false, orphans: false },
    })) {
      const data = join(folder, `of-${name}`)
      const store = openStore(data)
      await sampleRun(store)
      store.close()
      rmSync(join(data, name), { recursive: true, force: true })
      if (isFolder) mkdirSync(join(data, name))
      else writeFileSync(join(data, name), 'x')
      for (const readOnly of [true, false]) {
        try {
          openStore(data, { readOnly }).close()
        } catch (error) {
          expect([name, error]).toEqual([name, expect.any(LabError)])
          expect([name, error]).not.toEqual([name, expect.objectContaining({ code: 'internal' })])
        }
      }
    }
  }))

test('what another process makes and takes away meanwhile is in nobody’s way', () =>
  inFolder(async (folder) => {
    const busy = `
      const { mkdirSync, rmSync, writeFileSync } = require('node:fs')
      const { parentPort, workerData: folder } = require('node:worker_threads')
      parentPort.postMessage('begun')
      for (;;) {
        for (let i = 0; i < 20; i++) {
          writeFileSync(folder + '/lock.json.' + i + '.part', '', { mode: 0o644 })
          mkdirSync(folder + '/runs/' + i + '/deep', { recursive: true })
        }
        for (let i = 0; i < 20; i++) {
          rmSync(folder + '/lock.json.' + i + '.part')
          rmSync(folder + '/runs/' + i, { recursive: true })
        }
      }`
    const other = new Worker(busy, { eval: true, workerData: folder })
    await new Promise((resolve) => other.once('message', resolve))
    for (let round = 0; round < 300; round++) keepPrivate(folder)
    await other.terminate()
  }))

test('a link to a place that is not there is said, and nothing is made in its place', () =>
  inFolder((folder) => {
    symlinkSync(join(folder, 'unmounted'), join(folder, 'lab'))
    expect(() => openStore(join(folder, 'lab', 'deep'))).toThrow(`${join(folder, 'lab')} is a link to a place that is not there`)
    expect(existsSync(join(folder, 'unmounted'))).toBe(false)
  }))

test('a file that may not be used is named, and not its folder', () =>
  inFolder((folder) => {
    const path = join(folder, 'weightscape.db')
    writeFileSync(path, '')
    const refused = (call: string, file: string) =>
      openingFailure(
        Object.assign(new Error(`EACCES: permission denied, ${call} '${file}'`), { code: 'EACCES', syscall: call, path: file }),
        'open it',
        path,
      )
    expect(refused('open', path)).toMatchObject({ code: 'disk', message: `Not allowed to use ${path} (EACCES): could not open it.` })
    expect(refused('open', join(folder, 'new'))).toMatchObject({
      message: `Not allowed to write in ${folder} (EACCES): could not open it.`,
    })
    const defect = new TypeError('x is undefined')
    expect(openingFailure(defect, 'open it', path)).toBe(defect)
  }))

const onPosix = test.skipIf(process.platform === 'win32')

onPosix('folders of the lab are 0700 and its files 0600, while it is open and after', () =>
  inFolder(async (folder) => {
    const data = join(folder, 'data')
    const store = openStore(data)
    const { id } = await sampleRun(store)
    await store.checkpoints.save(id, sampleState(1), 'periodic')
    writeFileSync(store.artefacts.place(id, 'x.csv'), '', { mode: 0o600 })
    const open = modes(data)
    store.close()
    for (const [path, mode] of Object.entries({ ...open, ...modes(data) })) {
      const isFolder = existsSync(data + path) && statSync(data + path).isDirectory()
      expect(`${path} ${mode}`).toBe(`${path} ${isFolder ? '700' : '600'}`)
    }
    expect(Object.keys(open)).toContain('/weightscape.db-wal')
  }),
)

onPosix('what older versions left open is closed; what else lies in such a folder is not touched', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { id } = await sampleRun(store)
    store.close()
    const own = [folder, ...['runs', `runs/${id}`, `runs/${id}/record.json`, 'weightscape.db'].map((name) => join(folder, name))]
    for (const path of own) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644)
    openStore(folder).close()
    expect(own.map((path) => statSync(path).mode & 0o077)).toEqual(own.map(() => 0))
    // A home, say, with more in it than the lab.
    writeFileSync(join(folder, 'letter.txt'), 'mine', { mode: 0o644 })
    chmodSync(folder, 0o755)
    chmodSync(own[2], 0o755)
    openStore(folder).close()
    expect([folder, join(folder, 'letter.txt'), own[2]].map((path) => (statSync(path).mode & 0o777).toString(8))).toEqual([
      '755',
      '644',
      '700',
    ])
  }),
)

onPosix('what links in a data folder lead to is not touched', () =>
  inFolder((folder) => {
    const [data, outside] = [join(folder, 'data'), join(folder, 'outside')]
    for (const path of [data, outside, join(data, 'runs')]) mkdirSync(path, { mode: 0o755 })
    writeFileSync(join(outside, 'letter.txt'), 'mine', { mode: 0o644 })
    symlinkSync(outside, join(data, 'backups'))
    symlinkSync(join(outside, 'letter.txt'), join(data, 'runs', 'letter.txt'))
    keepPrivate(data)
    expect(modes(outside)).toEqual({ '': '755', '/letter.txt': '644' })
    expect(modes(join(data, 'runs'))['']).toBe('700')
  }),
)

test.skipIf(process.platform !== 'linux').each([
  ['/proc/weightscape', 'belongs to the kernel'],
  ['/proc/1/weightscape/deeper', 'belongs to the kernel'],
  ['/sys/weightscape', 'belongs to the kernel'],
  ['/dev/null/weightscape', 'is no folder'],
])('%s is refused in a sentence, and not tried for ever', (path, what) => {
  expect(() => openStore(path)).toThrow(
    expect.objectContaining({
      code: 'disk',
      message: expect.stringContaining(what) as string,
      help: { settings: { dataDir: null } },
    }) as Error,
  )
})

test('preferences have an end', () =>
  inFolder((folder) => {
    mkdirSync(join(folder, 'data'))
    const store = openStore(join(folder, 'data'))
    const refused = expect.objectContaining({ code: 'invalid-argument' }) as Error
    expect(() => store.preferences.set('long', 'x'.repeat(70_000))).toThrow(refused)
    for (let i = 0; i < 500; i++) store.preferences.set(`key ${i}`, i)
    expect(() => store.preferences.set('one more', 1)).toThrow(refused)
    store.preferences.set('key 7', 'changed')
    expect(Object.keys(store.preferences.all())).toHaveLength(500)
    expect(store.preferences.all()['key 7']).toBe('changed')
    store.close()
  }))
