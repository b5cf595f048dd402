/** What belongs to a data set and is not read: pieces that lack, links, archives within, stacks, copies; and sets beside each other. */
import { mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { tarOf, zipOf } from './testing/archives.ts'
import { inFolder, place, previewFolder, previewPaths } from './testing/imports.ts'
import { parquetOfImages } from './testing/parquet.ts'
import { drawn as pixels } from './testing/pictures.ts'
import { problem } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, names } from './testing/three-classes.ts'

const parquet = async (name: string, first = 0, listed = names) =>
  parquetOfImages(
    (await drawn(String, 30, first)).map(({ bytes }) => bytes),
    all(30, (i) => i % 3),
    { names: listed, name },
  )

test('a piece that the names of others count, and that is not there, is asked about', async () => {
  const files = [await parquet('data/train-00000-of-00002.parquet')]
  const found = await previewFolder(files)
  expect(codes(found)).toEqual(['unused-images'])
  expect(found.doubts[0].message).toContain('train-00001-of-00002.parquet')
  expect(codes(await previewFolder([...files, await parquet('data/train-00001-of-00002.parquet', 30)]))).toEqual([])
})

test('pieces may be counted from 1', async () => {
  const piece = (number: number) => parquet(`train-${number}-of-003.parquet`.replace('-', '-00'), 30 * number)
  const [one, two, three] = await Promise.all([1, 2, 3].map(piece))
  expect(codes(await previewFolder([one, two, three]))).toEqual([])
  const found = await previewFolder([one, three])
  expect(found.doubts.map(({ message }) => message)).toEqual([
    'By the names of the others 1 piece of the data set is not there (set/train-002-of-003.parquet): its images would not be part of the data set.',
  ])
})

test('a shard between two others that is not there is asked about', async () => {
  const shard = async (name: string, first: number) => ({
    name,
    bytes: await tarOf([
      ...(await drawn((i) => `${first + i}.png`, 15, first)),
      ...all(15, (i) => ({ name: `${first + i}.cls`, bytes: Buffer.from(String(i % 3)) })),
    ]),
  })
  const found = await previewFolder([await shard('set-000000.tar', 0), await shard('set-000002.tar', 15)])
  expect(codes(found)).toEqual(['unused-images'])
  expect(found.doubts[0].message).toContain('set-000001.tar')
})

test('the same numbers for other classes in two files are named', async () => {
  const files = [await parquet('train.parquet'), await parquet('test.parquet', 30, ['dog', 'cat', 'eel'])]
  expect((await problem(() => previewFolder(files))).message).toMatch(/listed as dog, cat, eel, those of .* as cat, dog, eel/)
})

test('two data sets in one folder are asked about; one of them can be read alone', async () => {
  const files = [await parquet('digits/train.parquet'), await parquet('noisy/train.parquet', 30)]
  const asked = await previewFolder(files)
  expect(codes(asked)).toEqual(['parts-unknown'])
  expect(classesOf(await previewFolder(files, asked.doubts[0].choices[0].options))).toEqual({ cat: 10, dog: 10, eel: 10 })
})

test('links to folders of images are asked about; where there is nothing else they are named', () =>
  inFolder(async (folder) => {
    await place(folder, await drawn((i) => `${i % 3 === 2 ? 'real' : 'set'}/${classOf(i)}/${i}.png`))
    await symlink(join(folder, 'real/eel'), join(folder, 'set/eel'))
    expect(codes(await previewPaths([join(folder, 'set')]))).toEqual(['unused-images'])
    await mkdir(join(folder, 'links'))
    for (const name of ['cat', 'dog']) await symlink(join(folder, 'set', name), join(folder, 'links', name))
    expect((await problem(() => previewPaths([join(folder, 'links')]))).message).toMatch(/2 links .* are not followed/)
  }))

test("links within what was given stand for their files, as in Hugging Face's cache", () =>
  inFolder(async (folder) => {
    const { bytes } = await parquet('train.parquet')
    const cache = join(folder, 'datasets--a--shapes')
    await place(cache, [
      { name: 'blobs/0f3e', bytes },
      { name: 'refs/main', bytes: Buffer.from('5b1c') },
    ])
    await mkdir(join(cache, 'snapshots/5b1c/data'), { recursive: true })
    await symlink('../../../blobs/0f3e', join(cache, 'snapshots/5b1c/data/train-00000-of-00001.parquet'))
    const preview = await previewPaths([cache])
    expect(preview.doubts).toEqual([])
    expect(preview.files).toEqual(['datasets--a--shapes/snapshots/5b1c/data/train-00000-of-00001.parquet'])
    expect(classesOf(preview)).toEqual({ cat: 10, dog: 10, eel: 10 })
    // A class folder of links, and the images once more where they lie: each once.
    await place(folder, await drawn((i) => `pool/all/${i}.png`))
    for (let i = 0; i < 30; i++) {
      await mkdir(join(folder, 'pool/train', classOf(i)), { recursive: true })
      await symlink(join(folder, `pool/all/${i}.png`), join(folder, 'pool/train', classOf(i), `${i}.png`))
    }
    expect(classesOf(await previewPaths([join(folder, 'pool')]))).toEqual({ cat: 10, dog: 10, eel: 10 })
    // From outside nothing is read.
    await symlink(join(folder, 'pool/all/0.png'), join(cache, 'snapshots/5b1c/data/more.parquet'))
    expect((await previewPaths([cache])).notes.join()).toContain('1 link in datasets--a--shapes was not followed')
  }))

test('an archive beside images within another is asked about', async () => {
  const images = await drawn((i) => `${classOf(i)}/${i}.png`)
  const outer = { name: 'outer.zip', bytes: await zipOf([...images, { name: 'more.zip', bytes: await zipOf(images.slice(0, 2)) }]) }
  expect(codes(await previewFolder([outer]))).toEqual(['archives-aside'])
})

test('copies of images in another format, or with a word before the name, can be left out', async () => {
  const images = await drawn((i) => `${classOf(i)}/${i}.png`)
  const copies = await Promise.all(
    images.map(async ({ name, bytes }) => ({ name: name.replace('.png', '.jpg'), bytes: await sharp(bytes).jpeg().toBuffer() })),
  )
  const small = copies.map(({ name, bytes }) => ({ name: name.replace('/', '/thumb_'), bytes }))
  for (const others of [copies, small]) {
    const asked = await previewFolder([...images, ...others])
    expect(codes(asked)).toEqual(['paired-images'])
    const found = await previewFolder([...images, ...others], asked.doubts[0].choices[0].options)
    expect(codes(found)).toEqual([])
    expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
  }
})

test('pictures behind the first of a stack are asked about', async () => {
  const stack = async (label: number, i: number) =>
    sharp(Buffer.concat([pixels(label, i), pixels(label, i + 1)]), { raw: { width: 12, height: 24, channels: 1, pageHeight: 12 } })
      .tiff()
      .toBuffer()
  const files = await Promise.all(all(30, async (i) => ({ name: `${classOf(i)}/${i}.tif`, bytes: await stack(i % 3, 2 * i) })))
  expect(codes(await previewFolder(files))).toContain('unused-images')
})
