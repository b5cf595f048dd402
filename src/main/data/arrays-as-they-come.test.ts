/** Arrays of numpy in the ways in which they are handed on, and what they are told to be where they are no data set. */
import { expect, test } from 'vitest'
import { npyFile } from './testing/npy.ts'
import { previewFolder } from './testing/imports.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, names, text } from './testing/three-classes.ts'

const pixels = (seed: number, count: number) =>
  Uint8Array.from(all(count, (at) => (at === 0 ? 255 : (seed * 31 + at * 17 + ((seed * at) % 7)) % 256)))
const images = (name: string, shape: readonly number[], seed: number): Sample => ({
  name,
  bytes: npyFile(
    { shape: [...shape] },
    Buffer.concat(
      all(shape[0], (i) =>
        pixels(
          100 * seed + i,
          shape.slice(1).reduce((a, b) => a * b, 1),
        ),
      ),
    ),
  ),
})
const labels = (name: string, count: number): Sample => ({
  name,
  bytes: npyFile({ shape: [count] }, Uint8Array.from(all(count, (i) => i % 3))),
})

test.each(['', 'full_numpy_bitmap_'])('an array for each class, called %scat.npy, is asked about (Quick, Draw!)', async (before) => {
  const found = await previewFolder(names.map((name, k) => images(`${before}${name}.npy`, [10 + k, 64], k)))
  expect(codes(found)).toEqual(['class-by-name'])
  expect(classesOf(found)).toEqual({ cat: 10, dog: 11, eel: 12 })
})

test('images and masks are no classes', async () => {
  const error = await problem(() => previewFolder([images('images.npy', [9, 8, 8], 1), images('masks.npy', [9, 8, 8], 2)]))
  expect(error.message).toMatch(/there are no labels for its images/)
})

test('arrays of another folder, which would be left out, are asked about (MNIST-C)', async () => {
  const part = (folder: string, seed: number) => [
    images(`${folder}/train_images.npy`, [30, 8, 8], seed),
    labels(`${folder}/train_labels.npy`, 30),
  ]
  const found = await previewFolder([...part('identity', 1), ...part('shot_noise', 2)])
  expect(codes(found)).toContain('unused-images')
})

test('a structured array is told to be one', async () => {
  const head = "{'descr': [('image', '|u1', (2, 2)), ('label', '|u1')], 'fortran_order': False, 'shape': (3,), }".padEnd(117)
  const bytes = Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([1, 0, 118, 0]),
    Buffer.from(`${head}\n`),
    Buffer.alloc(15),
  ])
  const error = await problem(() => previewFolder([{ name: 'set.npy', bytes }]))
  expect(error.message).toMatch(/structured array, of records with the fields image, label/)
  expect(error.remedy).toContain('images=a["image"], labels=a["label"]')
})

test.each<[string, Sample[], RegExp]>([
  ['an array for each image', all(30, (i) => images(`${classOf(i)}/${i}.npy`, [8, 8], i)), /29 other arrays lie in 3 folders/],
  ['HEIC alone', all(9, (i) => ({ name: `${classOf(i)}/${i}.heic`, bytes: pixels(i, 99) })), /kind that is not read here \(HEIC or AVIF\)/],
  ['NIfTI', all(9, (i) => ({ name: `${classOf(i)}/${i}.nii.gz`, bytes: pixels(i, 99) })), /\(NIfTI, a volume\)/],
  ['strokes', [text('cat.ndjson', '{"word":"cat","drawing":[[[1,2],[3,4]]]}')], /drawing of Quick, Draw! as strokes/],
  [
    'what nobody knows',
    all(9, (i) => ({ name: `${classOf(i)}/${i}.abc`, bytes: pixels(i, 99 + i) })),
    /No reader knows set\/eel\/8\.abc \(107 bytes, .*nor 8 other files there/,
  ],
])('%s: named', async (_what, files, message) => {
  const error = await problem(() => previewFolder(files))
  expect(error.message).toMatch(message)
  expect(error.remedy).not.toBe('')
})

test('a JSON for each part beside class folders, below a folder called by several parts, says the parts (iNaturalist)', async () => {
  const path = (i: number) => `train_val2019/Birds/${i % 3}/${i}.png`
  const record = (part: readonly number[]) =>
    JSON.stringify({
      images: part.map((id) => ({ id, file_name: path(id) })),
      annotations: part.map((id) => ({ image_id: id, category_id: id % 3 })),
      categories: names.map((name, id) => ({ id, name })),
    })
  const numbers = all(30, Number)
  const found = await previewFolder([
    ...(await drawn(path)),
    text('train2019.json', record(numbers.slice(0, 21))),
    text('val2019.json', record(numbers.slice(21))),
  ])
  expect(codes(found)).toEqual([])
  expect(found.suggestedSplit.validation).toBe(9)
})

test('two arrays of labels that are called alike are asked about, and an answer is followed', async () => {
  const files = [
    images('x.npy', [60, 8, 8], 1),
    labels('y.npy', 60),
    { ...labels('Y.npy', 60), bytes: npyFile({ shape: [60] }, Uint8Array.from(all(60, (i) => (i < 30 ? 0 : 1)))) },
  ]
  const asked = await previewFolder(files)
  expect(codes(asked)).toContain('label-column')
  const counts = async (labelColumn: string) => (await previewFolder(files, { labelColumn })).classes.map(({ count }) => count)
  expect([await counts('y'), await counts('Y')]).toEqual([
    [20, 20, 20],
    [30, 30],
  ])
  expect(codes(await previewFolder(files.slice(0, 2)))).not.toContain('label-column')
})
