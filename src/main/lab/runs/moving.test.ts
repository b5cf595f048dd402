/** Runs as a file, from one lab into another: whole, once, and nothing of what is damaged or not ours. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { pack } from 'tar-stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromStored, type StoreContext } from '../../store/context.ts'
import { openStore } from '../../store/open-store.ts'
import { beginTaking } from '../../store/files/taken-folder.ts'
import { inFolder } from '../../store/testing/samples.ts'
import { openLabBench } from '../testing/lab-bench.ts'
import type { LabBench } from '../testing/lab-bench.ts'
import { packFolder, unpackFolder, type Contents } from '../formats/tar.ts'

/** What happens after the files of runs are copied, before their rows are. */
let between: () => void = () => undefined
vi.mock(import('../../store/health/merge-database.ts'), async (original) => {
  const { mergeDatabase } = await original()
  return {
    mergeDatabase: (...given) => {
      between()
      return mergeDatabase(...given)
    },
  }
})

let from: LabBench
let to: LabBench
let run: string
let file: string
beforeEach(async () => {
  from = await openLabBench()
  to = await openLabBench()
  run = await from.trained()
  file = join(from.folder, 'runs.weightscape')
})
afterEach(async () => {
  await from.close()
  await to.close()
})

/** All that a lab says of the run but for when, and where. */
async function said({ lab }: LabBench) {
  const { updatedAt: _at, ...found } = lab.runs.get(run)
  const checkpoints = await Promise.all(lab.store.checkpoints.list(run).map(({ step }) => lab.store.checkpoints.at(run, step)))
  const results = lab.store.results.list(run).map(({ id: _id, file: kept, ...result }) => ({ ...result, file: kept?.hash }))
  const arrays = await Promise.all(lab.store.results.list(run).map((result) => lab.store.results.arrays(result)))
  const states = checkpoints.map(({ record: { path: _path, ...record }, ...rest }) => ({ record, ...rest }))
  return { found, states, results, arrays, loss: lab.store.metrics.read(run, 'loss') }
}

it('a run comes whole: document, curve, checkpoints to the bit, results and their arrays; a second time nothing comes twice', async () => {
  from.lab.runs.edit(run, { note: 'a note', tags: ['kept'] })
  await from.lab.analyses.run(run, { kind: 'evaluation', count: 3, split: 'validation', images: 10 })
  await from.lab.analyses.run(run, { kind: 'distillation', count: 2, split: 'validation', images: 10 })
  expect(await from.lab.moving.export([run], file)).toMatchObject({ runs: [run], bytes: readFileSync(file).length })
  expect(await to.lab.moving.import(file)).toMatchObject({ runs: [run], there: [] })
  expect(await said(to)).toEqual(await said(from))
  expect((await said(to)).results.map(({ kind }) => kind)).toContain('distillation')
  expect(await to.lab.moving.import(file)).toEqual({ runs: [], datasets: [], there: [run], studies: [], studiesThere: [] })
  expect(to.lab.runs.list()).toHaveLength(1)
})

it('nothing of the person goes along, and a stray file among those of a run neither stops it nor is lost', async () => {
  from.lab.store.preferences.set('table.runs', { mine: 1 })
  const folder = join(from.folder, 'data', 'runs', run)
  for (const name of ['my note.txt', 'Bericht \u00fc.pdf', 'a"b']) writeFileSync(join(folder, name), name)
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  expect(to.lab.store.preferences.all()).toEqual({})
  const moved = join(to.folder, 'data', 'runs', run)
  expect(['my note.txt', 'Bericht \u00fc.pdf', 'a"b'].map((name) => existsSync(join(moved, name)))).toEqual([true, true, false])
})

it('a row that names a file outside the data folder is refused', () => {
  const context = { dataDir: '/lab' } as StoreContext
  expect(fromStored(context, 'runs/a/b.safetensors')).toBe('/lab/runs/a/b.safetensors')
  for (const path of ['runs/../../outside.txt', '..', 'a\\b', 'a\0b'])
    expect(() => fromStored(context, path)).toThrow(/no file of the data folder/)
})

it('files made of a run go along, but none that holds the run itself', async () => {
  await from.lab.artefacts.bytes(run, `${run}.weightscape`, Buffer.from('an earlier one'))
  await from.lab.artefacts.bytes(run, 'network.npz', Buffer.from('a network'))
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  expect(to.lab.artefacts.list(run).map(({ name }) => name)).toEqual(['network.npz'])
  expect(readFileSync(to.lab.artefacts.list(run)[0].path, 'utf8')).toBe('a network')
  expect(from.lab.artefacts.list(run)).toHaveLength(2)
})

it('a result that comes while its run is copied comes along, and what is damaged here is named where it lies', async () => {
  const { result } = await from.lab.analyses.run(run, { kind: 'distillation', count: 2, split: 'validation', images: 10 })
  const place = result.file!.path
  renameSync(place, `${place}.not-yet`)
  between = () => {
    between = () => undefined
    renameSync(`${place}.not-yet`, place)
  }
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  expect(await said(to)).toEqual(await said(from))
  for (const lost of [place, join(from.folder, 'data', 'datasets', from.lab.store.datasets.get('bars').hash, 'images.u8')]) {
    const bytes = readFileSync(lost)
    rmSync(lost)
    await expect(from.lab.moving.export([run], file)).rejects.toThrow(`${lost} is not there`)
    writeFileSync(lost, bytes)
  }
})

it('of what could not come nothing is left, of what came no mark', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const place = join(folder, 'runs', run)
    try {
      await expect(store.take(join(from.folder, 'data'), { runs: [run] }, 'the file')).rejects.toThrow(
        /^Not all could be taken over from the file: Run .* could not be read: its data set .* is not there\.$/,
      )
      expect(existsSync(place)).toBe(false)
      const datasets = [from.lab.runs.get(run).document.data.id]
      expect(await store.take(join(from.folder, 'data'), { runs: [run], datasets })).toMatchObject({ runs: [run], datasets })
      expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([])
    } finally {
      store.close()
    }
  }))

it.each<[string, (place: string) => void | Promise<void>]>([
  ['before its mark', () => undefined],
  ['while its mark is written', (place) => writeFileSync(join(place, '..being-taken.part.1-1.part'), '')],
  [
    'later',
    async (place) => {
      await beginTaking(place)
      writeFileSync(join(place, 'half'), 'half')
    },
  ],
])('what a kill %s leaves of an import is swept, and no reason to repair the lab', (_moment, begin) =>
  inFolder(async (folder) => {
    openStore(folder).close()
    const left = [join(folder, 'runs', 'calm-otter'), join(folder, 'datasets', 'ab')]
    for (const place of left) {
      mkdirSync(place, { recursive: true })
      await begin(place)
    }
    openStore(folder).close()
    expect([...left, join(folder, 'orphans')].map((place) => existsSync(place))).toEqual([false, false, false])
  }),
)

it('a run that trains is not exported: who reads it may be where it cannot be paused', async () => {
  const { id } = await from.lab.runs.fork(run, { settings: [{ key: 'training.steps', value: 40 }] })
  from.lab.store.runs.move(id, 'training')
  await expect(from.lab.moving.export([id], file)).rejects.toMatchObject({
    message: `Run ${id} trains, and would be written half done.`,
    remedy: 'Wait for it to end, or pause it where it was started. See how it stands.',
    help: { action: 'show-run', run: id },
  })
  from.lab.store.runs.move(id, 'stopped')
})

it('another run of the same id is refused, and nothing is changed', async () => {
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  to.lab.store.checkpoints.list(run).forEach(({ step }) => to.lab.store.checkpoints.pin(run, step, true))
  const { state } = (await to.lab.store.checkpoints.latest(run))!
  await to.lab.store.checkpoints.save(run, { ...state, step: state.step + 1 }, 'periodic')
  const before = await said(to)
  await expect(to.lab.moving.import(file)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining(`a run ${run} already`) as string,
  })
  expect(await said(to)).toEqual(before)
})

it('a run that is in the trash is said to be there', async () => {
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  to.lab.store.runs.remove([run])
  await expect(to.lab.moving.import(file)).rejects.toMatchObject({ code: 'conflict', message: `Run ${run} is here already, in the trash.` })
  await to.lab.store.trash.erase({ runs: [run] })
  expect(await to.lab.moving.import(file)).toMatchObject({ runs: [run] })
})

it('the data set of a run that comes leaves the trash', async () => {
  await from.lab.moving.export([run], file)
  await to.lab.moving.import(file)
  const data = to.lab.runs.get(run).document.data.id
  to.lab.store.runs.remove([run])
  await to.lab.store.trash.erase({ runs: [run] })
  to.lab.store.datasets.remove(data)
  expect(await to.lab.moving.import(file)).toMatchObject({ runs: [run], datasets: [data] })
  expect(to.lab.datasets.get(data).hash).toBe(data)
})

it('what was cut off, changed or added to is refused, and leaves nothing', async () => {
  await from.lab.moving.export([run], file)
  const whole = readFileSync(file)
  const refused = async (bytes: Uint8Array, found: RegExp) => {
    writeFileSync(file, bytes)
    await expect(to.lab.moving.import(file)).rejects.toThrow(found)
    expect(to.lab.runs.list()).toEqual([])
  }
  for (const share of [0.02, 0.3, 0.7, 0.98]) await refused(whole.subarray(0, Math.floor(whole.length * share)), /no whole archive/)
  for (const place of [0.3, 0.6, 0.9]) {
    const flipped = Buffer.from(whole)
    flipped[Math.floor(whole.length * place)] ^= 4
    await refused(flipped, /no whole archive|checksum/)
  }
  await refused(Buffer.from('no archive'), /^runs\.weightscape is no whole archive/)
  truncateSync(file, 0)
  await expect(to.lab.moving.import(file)).rejects.toThrow(/nothing in it/)
  await expect(to.lab.moving.import(join(from.folder, 'absent.weightscape'))).rejects.toThrow(/^There is no .*absent\.weightscape\.$/)
  await expect(to.lab.moving.import(from.folder)).rejects.toThrow(/is no file\.$/)
})

it('names that lead out of the folder, links, and forms of other versions are refused', () =>
  inFolder(async (folder) => {
    const told = { format: 'weightscape-runs-1', runs: [{ id: 'a', name: 'a' }], datasets: [] }
    const archive = async (contents: object, ...entries: Parameters<ReturnType<typeof pack>['entry']>[0][]) => {
      const made = pack()
      made.entry({ name: 'contents.json' }, JSON.stringify(contents))
      for (const header of entries)
        if (header.type === undefined) made.entry({ ...header }, 'xx')
        else made.entry({ ...header })
      made.finalize()
      writeFileSync(file, await buffer(made))
    }
    const sum = { sha256: '0'.repeat(64), size: 2 }
    for (const name of ['../out', '/etc/out', 'runs/../../out', 'a//b', '.']) {
      await archive({ ...told, files: { [name]: sum } }, { name })
      await expect(to.lab.moving.import(file), name).rejects.toThrow(/does not name|no whole archive/)
    }
    await archive({ ...told, files: { link: { ...sum, size: 0 } } }, { name: 'link', type: 'symlink', linkname: folder })
    await expect(to.lab.moving.import(file)).rejects.toThrow(/does not name/)
    await archive({ ...told, format: 'weightscape-runs-2', files: {} })
    await expect(to.lab.moving.import(file)).rejects.toThrow(/a form that this version does not know/)
    await archive({ some: 'thing' })
    await expect(to.lab.moving.import(file)).rejects.toThrow(/holds no runs/)
  }))

describe('a file that was made to do harm, and is sealed as any other, does none:', () => {
  /** The exported file with its database changed. @returns its folder */
  async function changed(change: (db: Sqlite.Database, folder: string) => void, as = run): Promise<string> {
    await from.lab.moving.export([run], file)
    const folder = join(from.folder, 'opened')
    mkdirSync(folder)
    const { files: _files, ...told } = await unpackFolder(
      file,
      folder,
      (value) => value as Contents & { runs: object[]; datasets: string[] },
    )
    const sealing = openStore(folder)
    const db = new Sqlite(join(folder, 'weightscape.db'))
    change(db, folder)
    db.close()
    sealing.close()
    await packFolder<Contents & { runs: object[] }>(folder, file, { ...told, runs: [{ id: as, name: 'a run' }] }, /^never$/)
    return folder
  }

  it.each([
    ['come', '../../outside', 'UPDATE run SET id = ?'],
    ['be erased at once', '../../../outside', 'UPDATE run SET id = ?, deleted_at = 1'],
  ])('the id of a run that would %s leads elsewhere', async (_what, id, change) => {
    const outside = join(to.folder, 'outside')
    mkdirSync(outside)
    writeFileSync(join(outside, 'kept.txt'), 'kept')
    const folder = await changed((db, opened) => {
      db.prepare(change).run(id)
      db.prepare('DELETE FROM checkpoint').run()
      rmSync(join(opened, 'runs'), { recursive: true })
    }, id)
    await expect(to.lab.moving.import(file)).rejects.toThrow(`"${id}" is no id of a run or data set`)
    await expect(to.lab.store.take(folder, { runs: [id] })).rejects.toMatchObject({ code: 'corrupt' })
    expect(() => openStore(folder, { readOnly: true })).toThrow('it leads elsewhere')
    expect(readFileSync(join(outside, 'kept.txt'), 'utf8')).toBe('kept')
    expect(to.lab.runs.list()).toEqual([])
  })

  it.each<[string, (db: Sqlite.Database, folder: string) => void, { code: string; message: RegExp }]>([
    [
      'written by a newer version',
      (db) => db.pragma('user_version = 999'),
      { code: 'newer-store', message: /^runs\.weightscape was written by a newer Weightscape\.$/ },
    ],
    [
      'without a checkpoint that it tells of',
      (_db, folder) => rmSync(join(folder, 'runs', run, 'checkpoints'), { recursive: true }),
      {
        code: 'bad-input',
        message: /^runs\.weightscape is no whole archive of runs: The checkpoint of run \S+ at step .* runs\/\S+ is not there\.$/,
      },
    ],
  ])('what lies in it is %s, which is said of the file, by its name', async (_what, change, { code, message }) => {
    await changed(change)
    const refused = to.lab.moving.import(file)
    await expect(refused).rejects.toMatchObject({ code, remedy: expect.stringMatching(/that version|Make it again/) as string })
    await expect(refused).rejects.toThrow(message)
    expect(to.lab.runs.list()).toEqual([])
  })

  it('a row calls a file of the lab one of its run, to be removed with it', async () => {
    await from.lab.artefacts.bytes(run, 'network.npz', Buffer.from('a network'))
    await changed((db) => db.prepare('UPDATE artefact SET path = ?').run('weightscape.db'))
    await expect(to.lab.moving.import(file)).rejects.toThrow('it names weightscape.db, which is no file of its own')
    expect(to.lab.runs.list()).toEqual([])
  })
})
