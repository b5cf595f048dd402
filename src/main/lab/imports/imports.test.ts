import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ImportProgress } from '../../../shared/contract/datasets.ts'
import { publishedDatasets, type PublishedDataset } from '../../../shared/published-datasets.ts'
import { tarGzOf } from '../../data/testing/archives.ts'
import { place } from '../../data/testing/imports.ts'
import { classFolders } from '../../data/testing/pictures.ts'
import type { Sample } from '../../data/testing/samples.ts'
import { createLab } from '../lab.ts'
import type { Lab, LabOptions } from '../lab.ts'
import { fakeEngine } from '../testing/fake-engine.ts'
import { importerInProcess } from '../testing/importer-in-process.ts'

let folder: string
let lab: Lab
let files: Sample[] = []
const open = (options: Partial<LabOptions> = {}): Lab =>
  createLab({ dataDir: join(folder, 'data'), engine: fakeEngine(), importer: importerInProcess(), ...options })

beforeAll(async () => {
  files = await classFolders(12)
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imports-'))
  await place(join(folder, 'shapes'), files)
  lab = open()
})
afterEach(async () => {
  await lab.close()
  await rm(folder, { recursive: true, force: true })
})

/** What lies beside the data sets that are kept. */
const stagings = (): string[] => {
  const root = join(folder, 'data', 'datasets')
  return existsSync(root) ? readdirSync(root).filter((name) => name.startsWith('.')) : []
}

const shapes = (): string => join(folder, 'shapes')

describe('an import', () => {
  it('is looked at, changed, and kept; nothing but the data set is left', async () => {
    const id = lab.imports.begin()
    const heard: ImportProgress[] = []
    lab.imports.subscribe(id, (progress) => heard.push(progress))
    lab.imports.addPaths(id, [shapes()])
    expect((await lab.imports.preview(id, {})).count).toBe(36)
    expect((await lab.imports.preview(id, { size: { height: 8, width: 8 } })).plan).toMatchObject({ height: 8, width: 8 })
    expect(stagings().length).toBe(1)
    expect(lab.datasets.list()).toEqual([])

    const { known, ...record } = await lab.imports.commit(id, { name: 'Shapes', options: { size: { height: 8, width: 8 } } })
    expect(known).toBe(false)
    expect(record).toMatchObject({ name: 'Shapes', count: 36, height: 8, width: 8, channels: 1, classNames: ['bar', 'beam', 'block'] })
    expect(record.source.changes).toMatch(/resized to 8 x 8/)
    expect(lab.datasets.list()).toEqual([record])
    expect(await lab.datasets.reference({ id: record.hash, split: record.suggestedSplit })).toMatchObject({ count: 36 })
    expect(stagings()).toEqual([])
    expect(lab.imports.progress(id)).toMatchObject({ phase: 'done' })
    expect([...new Set(heard.map(({ phase }) => phase))]).toEqual(['surveying', 'previewing', 'building', 'keeping', 'done'])
    await expect(lab.imports.preview(id, {})).rejects.toMatchObject({ code: 'conflict' })
  })

  it('keeps the same files as the same data set, whatever they are called', async () => {
    const one = await lab.imports.add([shapes()])
    expect(one).toMatchObject({ name: 'shapes', known: false })
    expect(await lab.imports.add([shapes()], { name: 'again' })).toEqual({ ...one, known: true })
    expect(lab.datasets.list().length).toBe(1)
  })

  it('takes files that are sent, under their own paths', async () => {
    const id = lab.imports.begin()
    const area = lab.imports.uploadArea(id)
    for (const { name, bytes } of files) {
      mkdirSync(join(area.path, 'pictures', name.split('/')[0]), { recursive: true })
      writeFileSync(join(area.path, 'pictures', name), bytes)
      area.received(`pictures/${name}`)
    }
    expect(lab.imports.progress(id)).toMatchObject({ phase: 'receiving', done: 36, note: `pictures/${files[35].name}` })
    const preview = await lab.imports.preview(id, {})
    expect(preview).toMatchObject({ count: 36, files: ['pictures'] })
    expect((await lab.imports.commit(id, { options: {} })).name).toBe('pictures')
    expect(stagings()).toEqual([])
  })

  it('puts the built-in data set back where its files were damaged', async () => {
    const { hash, suggestedSplit } = await lab.datasets.resolve('mnist')
    await lab.close()
    const path = join(folder, 'data', 'datasets', hash, 'labels.u8')
    const sound = readFileSync(path)
    writeFileSync(path, Buffer.from(sound).fill(3, 100, 110))
    lab = open()
    expect(await lab.datasets.reference({ id: hash, split: suggestedSplit })).toMatchObject({ hash })
    expect(readFileSync(path).equals(sound)).toBe(true)
  })

  it('sets room aside for what is on its way, over all imports, and keeps a reserve', () => {
    const [one, other] = [lab.imports.uploadArea(lab.imports.begin()), lab.imports.uploadArea(lab.imports.begin())]
    const { bavail, bsize } = statfsSync(one.path)
    const most = Math.floor(0.6 * (bavail * bsize - 2 ** 28))
    expect(one.reserve(bavail * bsize - 2 ** 27)).toBe(false)
    expect([one.reserve(most), other.reserve(most)]).toEqual([true, false])
    one.release(most)
    expect(other.reserve(most)).toBe(true)
  })

  it('looks again when more files come', async () => {
    const id = lab.imports.begin()
    lab.imports.addPaths(id, [join(shapes(), 'bar'), join(shapes(), 'beam')])
    expect((await lab.imports.preview(id, {})).classes.length).toBe(2)
    lab.imports.addPaths(id, [join(shapes(), 'block')])
    expect((await lab.imports.preview(id, {})).classes.length).toBe(3)
  })

  it('is gone when it is cancelled, before and during its work', async () => {
    const id = lab.imports.begin()
    await lab.imports.cancel(id)
    expect(stagings()).toEqual([])
    const working = lab.imports.begin()
    lab.imports.addPaths(working, [shapes()])
    const kept = expect(lab.imports.commit(working, { options: {} })).rejects.toMatchObject({ code: 'cancelled' })
    expect(lab.imports.interrupt()).toBe(true)
    await kept
    await lab.imports.cancel(working)
    expect(lab.imports.interrupt()).toBe(false)
    expect(stagings()).toEqual([])
    expect(lab.datasets.list()).toEqual([])
    expect(lab.imports.progress(working).phase).toBe('cancelled')
  })

  it('says why it failed, keeps nothing, and can be tried again', async () => {
    const id = lab.imports.begin()
    lab.imports.addPaths(id, [shapes()])
    const options = { split: { train: 30, validation: 20, test: 1 } }
    await expect(lab.imports.commit(id, { options })).rejects.toMatchObject({ code: 'invalid-argument' })
    expect(lab.imports.progress(id)).toMatchObject({ phase: 'failed', note: expect.stringMatching(/The split asks for 30/) as string })
    expect(lab.datasets.list()).toEqual([])
    expect((await lab.imports.commit(id, { options: {} })).count).toBe(36)
  })

  it.each([
    [['nowhere'], 'not-found'],
    [[], 'invalid-argument'],
  ])('of %j fails with %s', async (paths, code) => {
    await expect(lab.imports.add(paths.map((path) => join(folder, path)))).rejects.toMatchObject({ code })
    expect(stagings()).toEqual([])
  })

  it('is not known under another id', async () => {
    await expect(lab.imports.preview('import-9', {})).rejects.toMatchObject({ code: 'not-found' })
    expect(() => lab.imports.addPaths('import-9', ['x'])).toThrow(/There is no import import-9/)
  })

  it('that a kill left behind is swept at the next opening', async () => {
    const id = lab.imports.begin()
    lab.imports.addPaths(id, [shapes()])
    await lab.imports.preview(id, {})
    const left = stagings()
    expect(left.length).toBe(1)
    // As after a kill: what it had staged is still there when nobody works on it any more.
    const copy = join(folder, 'data', 'datasets', `${left[0]}-left`)
    mkdirSync(copy)
    writeFileSync(join(copy, 'images.u8'), 'half')
    await lab.close()
    lab = open()
    expect(lab.opening.swept).toEqual([`datasets/${left[0]}-left`])
    expect(stagings()).toEqual([])
  })

  it('can be looked at without writing in the data folder', async () => {
    await lab.imports.add([shapes()])
    const before = readdirSync(join(folder, 'data', 'datasets'))
    const looker = open({ readOnly: true })
    expect((await looker.imports.look([shapes()])).count).toBe(36)
    await expect(looker.imports.add([shapes()])).rejects.toMatchObject({ code: 'conflict' })
    await looker.close()
    expect(readdirSync(join(folder, 'data', 'datasets'))).toEqual(before)
  })

  it('needs a reader', async () => {
    await lab.close()
    lab = createLab({ dataDir: join(folder, 'data'), engine: fakeEngine() })
    await expect(lab.imports.add([shapes()])).rejects.toMatchObject({ code: 'internal' })
  })
})

describe('a published data set', () => {
  const published = publishedDatasets as Record<string, PublishedDataset>
  beforeEach(async () => {
    await place(folder, [{ name: 'shapes.tgz', bytes: await tarGzOf(files) }])
    await mkdir(join(folder, 'bin'))
    await writeFile(join(folder, 'bin', 'npm'), `#!/bin/sh\nsleep 0.3\ncp "${join(folder, 'shapes.tgz')}" "$4/shapes-1.0.0.tgz"\n`, {
      mode: 0o755,
    })
    vi.stubEnv('PATH', `${join(folder, 'bin')}:/usr/bin:/bin`)
    const sha512 = createHash('sha512')
      .update(readFileSync(join(folder, 'shapes.tgz')))
      .digest('base64')
    const options = { rename: { bar: 'stick' } }
    published['shapes'] = { title: 'Shapes', description: 'Shapes.', pack: 'shapes', version: '1.0.0', bytes: 1000, sha512, options }
  })
  afterEach(() => {
    vi.unstubAllEnvs()
    delete published['shapes']
  })

  it('is fetched by its name, with the names that its files do not say', async () => {
    expect(() => lab.datasets.get('shapes')).toThrow('Shapes is not here yet.')
    const { preview, dataset } = await lab.imports.addUnlessDoubted(['shapes'])
    expect(preview.doubts).toEqual([])
    expect(dataset).toMatchObject({ name: 'shapes', count: 36, classNames: ['beam', 'block', 'stick'] })
    expect(dataset?.source.options).toEqual({ rename: { bar: 'stick' } })
    expect(lab.datasets.get('shapes').hash).toBe(dataset?.hash)
    expect(stagings()).toEqual([])
  })

  it('is nothing once cancelled, and no import of other files', async () => {
    const id = lab.imports.begin()
    const fetching = lab.imports.fetch(id, 'shapes').catch((error: unknown) => error)
    expect(lab.imports.progress(id)).toMatchObject({ phase: 'receiving', note: 'fetching Shapes', total: 1000 })
    await lab.imports.cancel(id)
    expect(await fetching).toMatchObject({ code: 'cancelled' })
    expect(stagings()).toEqual([])
    const other = lab.imports.begin()
    lab.imports.addPaths(other, [shapes()])
    await expect(lab.imports.fetch(other, 'shapes')).rejects.toThrow('This import has files already.')
    await expect(lab.imports.fetch(lab.imports.begin(), 'cifar11')).rejects.toThrow(
      'There is no file or folder "cifar11", and no data set of that name can be fetched. Did you mean',
    )
  })
})
