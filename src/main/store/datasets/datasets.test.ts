import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openStore } from '../open-store.ts'
import { addDataset, inFolder, sampleDataset, stagedDataset } from '../testing/samples.ts'

test('a data set is known by its content, and found by name and hash', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const first = await addDataset(store, sampleDataset(), 'one')
    expect(await addDataset(store, sampleDataset(), 'the same again')).toEqual(first)
    const second = await addDataset(store, sampleDataset(1), 'two')
    expect(second.hash).not.toBe(first.hash)
    // The same bytes in another shape are another data set.
    expect((await addDataset(store, { ...sampleDataset(), height: 2, width: 8 }, 'flat')).hash).not.toBe(first.hash)
    for (const key of ['one', first.hash, first.hash.slice(0, 10)]) expect(store.datasets.get(key)).toEqual(first)
    expect(() => store.datasets.get('three')).toThrow(expect.objectContaining({ code: 'not-found' }) as Error)
    expect(readdirSync(join(folder, 'datasets', first.hash)).sort()).toEqual(['images.u8', 'labels.u8', 'manifest.json', 'record.json'])
    expect(JSON.parse(readFileSync(join(folder, 'datasets', first.hash, 'manifest.json'), 'utf8'))).toMatchObject({
      hash: first.hash,
      name: 'one',
    })
    store.close()
  }))

test('of several of one name the newest is meant, and stands first', () =>
  inFolder(async (folder) => {
    let time = 0
    const store = openStore(folder, { clock: () => ++time })
    const hashes: string[] = []
    for (const salt of [0, 1, 2]) hashes.unshift((await addDataset(store, sampleDataset(salt), 'one')).hash)
    expect(store.datasets.list().map(({ hash }) => hash)).toEqual(hashes)
    expect(store.datasets.get('one').hash).toBe(hashes[0])
    store.close()
  }))

test('its reference points to the bytes, and refuses a split that is too large', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { images, labels } = sampleDataset()
    const { hash } = await addDataset(store, sampleDataset(), 'one')
    const reference = await store.datasets.reference({ id: 'one' })
    expect(reference).toMatchObject({
      hash,
      count: 24,
      height: 4,
      width: 4,
      channels: 1,
      classes: 3,
      split: { train: 16, validation: 4, test: 4 },
    })
    expect(new Uint8Array(readFileSync(reference.imagesPath))).toEqual(images)
    expect(new Uint8Array(readFileSync(reference.labelsPath))).toEqual(labels)
    await expect(store.datasets.reference({ id: 'one', split: { train: 20, validation: 4, test: 1 } })).rejects.toMatchObject({
      code: 'invalid-argument',
    })
    store.close()
  }))

test('a damaged one is named when it is first used, and mended by adding it again', () =>
  inFolder(async (folder) => {
    const first = openStore(folder)
    const { hash } = await addDataset(first, sampleDataset(), 'one')
    first.close()
    const path = join(folder, 'datasets', hash, 'images.u8')
    const bytes = readFileSync(path)
    bytes[17] ^= 1
    writeFileSync(path, bytes)
    const store = openStore(folder)
    await expect(store.datasets.reference({ id: 'one' })).rejects.toMatchObject({
      code: 'corrupt',
      message: expect.stringContaining('one') as string,
    })
    await addDataset(store, sampleDataset(), 'one')
    expect((await store.datasets.reference({ id: 'one' })).hash).toBe(hash)
    expect(store.datasets.list()).toHaveLength(1)
    store.close()
  }))

test('what a kill left behind is swept: unfinished files go, whole ones without a row are set aside until they are erased', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { hash } = await addDataset(store, sampleDataset(), 'one')
    store.close()
    mkdirSync(join(folder, 'datasets', '.staging-1-1'))
    writeFileSync(join(folder, 'datasets', '.staging-1-1', 'images.u8'), 'half')
    mkdirSync(join(folder, 'datasets', 'ab'.repeat(32)))
    writeFileSync(join(folder, 'datasets', 'ab'.repeat(32), 'images.u8'), 'whole')
    const again = openStore(folder)
    expect(again.opening.swept).toEqual(['datasets/.staging-1-1', `datasets/${'ab'.repeat(32)}`])
    expect(again.datasets.list().map((record) => record.hash)).toEqual([hash])
    again.close()
    const later = openStore(folder, { clock: () => Date.now() + 3100 * 24 * 3600 * 1000 })
    const listed = await later.trash.list()
    expect(listed).toEqual([expect.objectContaining({ kind: 'orphan', name: `data set ${'ab'.repeat(20)}`, goneAt: null, bytes: 5 })])
    expect(await later.trash.erase({ orphans: [listed[0].id] })).toBe(5)
    expect(await later.trash.list()).toEqual([])
    await expect(later.trash.erase({ orphans: ['../runs'] })).rejects.toMatchObject({ code: 'not-found' })
    later.close()
  }))

test('staged files are taken over as they are: the same data set as from memory', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { images, labels, ...facts } = sampleDataset()
    const place = stagedDataset(store, sampleDataset())
    const { known, ...record } = await store.datasets.adopt(facts, place, 'one')
    expect(known).toBe(false)
    expect(await addDataset(store, { ...facts, images, labels }, 'again')).toEqual(record)
    expect(readdirSync(join(folder, 'datasets'))).toEqual([record.hash])
    expect(new Uint8Array(readFileSync((await store.datasets.reference({ id: 'one' })).imagesPath))).toEqual(images)
    // The same once more leaves nothing beside; and one that was removed comes back.
    store.datasets.remove(record.hash)
    for (const called of [record.hash, record.hash.slice(0, 6), record.name])
      expect(() => store.datasets.get(called)).toThrow(`The data set "${record.name}" is in the trash.`)
    expect(await store.datasets.adopt(facts, stagedDataset(store, sampleDataset()), 'two')).toEqual({ ...record, known: true })
    expect(readdirSync(join(folder, 'datasets'))).toEqual([record.hash])
    store.close()
  }))

test.each<[string, (place: string) => void]>([
  ['images are cut off', (place) => truncateSync(join(place, 'images.u8'), 100)],
  ['labels are cut off', (place) => truncateSync(join(place, 'labels.u8'), 23)],
  ['a label is none of the classes', (place) => writeFileSync(join(place, 'labels.u8'), sampleDataset().labels.with(5, 3))],
])('staged files of which %s are not taken', (_what, damage) =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { images: _images, labels: _labels, ...facts } = sampleDataset()
    const place = stagedDataset(store, sampleDataset())
    damage(place)
    await expect(store.datasets.adopt(facts, place, 'one')).rejects.toMatchObject({ code: 'internal' })
    expect(store.datasets.list()).toEqual([])
    await store.datasets.dropStaging(place)
    expect(readdirSync(join(folder, 'datasets'))).toEqual([])
    store.close()
  }),
)

test('the same data set, added several times at once, is kept once', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { images: _images, labels: _labels, ...facts } = sampleDataset()
    const added = await Promise.all([
      addDataset(store, sampleDataset(), 'one'),
      store.datasets.adopt(facts, stagedDataset(store, sampleDataset()), 'two'),
      addDataset(store, sampleDataset(), 'three'),
    ])
    expect(new Set(added.map(({ hash }) => hash)).size).toBe(1)
    expect(store.datasets.list()).toHaveLength(1)
    expect(readdirSync(join(folder, 'datasets'))).toEqual([added[0].hash])
    expect(new Uint8Array(readFileSync((await store.datasets.reference({ id: added[0].hash })).imagesPath))).toEqual(sampleDataset().images)
    store.close()
  }))

test('one that is damaged while the store is open is mended by adding it again, too', () =>
  inFolder(async (folder) => {
    const store = openStore(folder)
    const { hash } = await addDataset(store, sampleDataset(), 'one')
    const { imagesPath, labelsPath } = await store.datasets.reference({ id: hash })
    const { labels } = sampleDataset()
    truncateSync(imagesPath, 20)
    writeFileSync(labelsPath, labels.with(5, (labels[5] + 1) % 3))
    expect(new Uint8Array(await store.datasets.labels({ id: hash }))).not.toEqual(labels)
    await expect(store.datasets.pixels({ id: hash }, [5])).rejects.toMatchObject({ code: 'corrupt' })
    rmSync(imagesPath)
    await expect(store.datasets.pixels({ id: hash }, [5])).rejects.toMatchObject({ code: 'corrupt', help: { action: 'add-data' } })
    await addDataset(store, sampleDataset(), 'one')
    expect(new Uint8Array(await store.datasets.labels({ id: hash }))).toEqual(labels)
    expect(await store.datasets.pixels({ id: hash }, [5])).toEqual(sampleDataset().images.slice(5 * 16, 6 * 16))
    store.close()
  }))
