/** Names that fit and mean something else: rows that are only numbered, images that are not there, a part called like a class. */
import { expect, test } from 'vitest'
import { zipOf } from './testing/archives.ts'
import { previewFolder } from './testing/imports.ts'
import { npy } from './testing/npy.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, text } from './testing/three-classes.ts'

const table = (first: number, count: number, head = ',label') => text('train.csv', head, ...all(count, (i) => `${first + i},${classOf(i)}`))

test('rows counted from 0 beside images counted from 1 are asked about', async () => {
  const images = await drawn((i) => `train/${i + 1}.png`)
  const found = await previewFolder([...images, table(0, 30)])
  expect(codes(found)).toEqual(['labels-differ'])
  expect(found.doubts[0].message).toBe(
    'set/train.csv: the column without a name counts from 0, and the names of the images from 1: where it only numbers the rows, each class would go to the neighbouring image.',
  )
  expect(codes(await previewFolder([...images, table(1, 30)]))).toEqual([])
  expect(codes(await previewFolder([...images, { ...table(0, 30, 'id,label'), name: 'set.csv' }]))).toEqual(['labels-differ'])
})

test('images that a table names and that are not there are asked about where they are many, and said where they are few', async () => {
  const images = await drawn((i) => `images/${i}.png`)
  const rows = (count: number) => [...images, table(0, count, 'id,label')]
  const many = await previewFolder(rows(60))
  expect(codes(many)).toEqual(['unused-images'])
  expect(many.doubts[0].message).toBe(
    '30 of 60 images would not be part of the data set: set/train.csv names 30, and no such image is there.',
  )
  const few = await previewFolder(rows(31))
  expect(codes(few)).toEqual([])
  expect(few.notes).toContain('set/train.csv names 1 image that is not there (30).')
})

test('a folder called like a part beside class folders is asked about, and can be left out', async () => {
  const files = [...(await drawn((i) => `${classOf(i)}/${i}.png`)), ...(await drawn((i) => `test1/${i}.png`, 6, 30))]
  const asked = await previewFolder(files)
  expect(codes(asked)).toEqual(['parts-unknown'])
  const found = await previewFolder(files, asked.doubts[0].choices[0].options)
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
})

test('a column that pandas numbers rows in is not taken for names where another column names the images', async () => {
  const order = all(30, (i) => (i * 11) % 30)
  const images = await drawn((i) => `train/${i}.png`)
  for (const index of ['', 'Unnamed: 0']) {
    // One image is not there: the numbers of rows name more of them.
    const lines = order.map((image, row) => `${row},${image === 3 ? 99 : image},${classOf(image)}`)
    const found = await previewFolder([...images, text('train.csv', `${index},image,label`, ...lines)])
    for (const { name, className } of found.samples) expect(className).toBe(classOf(Number(/(\d+)\.png$/.exec(name)![1])))
  }
})

test("CycleGAN's folders are two classes in two parts", async () => {
  const files = await Promise.all([drawn((i) => `train${'AB'[i % 2]}/${i}.png`), drawn((i) => `test${'AB'[i % 2]}/${i}.png`, 6, 30)])
  const { classes } = await previewFolder(files.flat())
  expect(classes.map(({ name, parts }) => [name, parts])).toEqual([
    ['A', { train: 15, validation: 0, test: 3 }],
    ['B', { train: 15, validation: 0, test: 3 }],
  ])
})

const x = (name: string, count: number, shift: number) =>
  npy(
    name,
    '|u1',
    [count, 4, 4],
    all(16 * count, (k) => (k * 7 + shift + (k >> 4)) % 256),
  )
const y = (name: string, count: number) =>
  npy(
    name,
    '|u1',
    [count],
    all(count, (i) => i % 3),
  )

test('test images without labels are asked about, even where as many are for validation', async () => {
  const found = await previewFolder([x('x_train', 30, 0), y('y_train', 30), x('x_val', 9, 90), y('y_val', 9), x('x_test', 9, 150)])
  expect(codes(found)).toContain('unused-images')
})

test('arrays of one archive that have no names keep what numpy calls them', async () => {
  const set = { name: 'set.npz', bytes: await zipOf([x('arr_0', 30, 0), y('arr_1', 30)]) }
  expect((await previewFolder([set])).recognised).toBe('30 images of 4 x 4 x 1: arrays arr_0 and arr_1')
})

test('what numpy printed with dots, a database of LMDB and images of another kind are named, with the way out', async () => {
  const printed = text('set.csv', 'label,image', ...all(30, (i) => `${i % 3},"[ ${i} 20 ... 255]"`))
  expect((await problem(() => previewFolder([printed]))).message).toContain('arrays as numpy prints them, with "..."')
  const lmdb = { name: 'data.mdb', bytes: Buffer.alloc(4096) }
  expect((await problem(() => previewFolder([lmdb]))).message).toContain('a database of LMDB')
  const deep = all(30, (i) => ({ name: `${classOf(i)}/${i}.pgm`, bytes: Buffer.from(`P5 4 4 4095\n${'ab'.repeat(16)}`) }))
  expect((await problem(() => previewFolder(deep))).remedy).toContain('PNG of 8 or 16 bits')
})

test('archives of arrays that all train, and are on different scales, are asked about', async () => {
  const batch = async (k: number, images: Sample) => ({ name: `batch_${k}.npz`, bytes: await zipOf([images, y('y', 9)]) })
  const floats = npy(
    'x',
    '<f4',
    [9, 4, 4],
    all(16 * 9, (k) => (k % 128) / 255),
  )
  const first = await batch(1, x('x', 9, 0))
  const found = await previewFolder([first, await batch(2, floats)])
  expect(codes(found)).toContain('parts-differ')
  expect(found.doubts.find(({ code }) => code === 'parts-differ')!.message).toBe(
    'The largest value is 254 in set/batch_1.npz/x.npy and 0.498 in set/batch_2.npz/x.npy: these arrays are on different scales, and the second would be almost black.',
  )
  expect(codes(await previewFolder([first, await batch(2, x('x', 9, 90))]))).not.toContain('parts-differ')
})
