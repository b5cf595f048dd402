/** Names of files and folders that say more than meets the eye: masks, changed copies, classes under two names, classes in the names of images. */
import { expect, test } from 'vitest'
import { previewFolder } from './testing/imports.ts'
import { all, classesOf, classOf, codes, drawn, text } from './testing/three-classes.ts'

const masked = async (nameOf: (folder: string, i: number) => string) => [
  ...(await drawn((i) => nameOf('images', i))),
  ...(await drawn((i) => nameOf('masks', i), 30, 30)),
]
const leaveOut = ['masks/']

test.each([
  ['above the classes', (folder: string, i: number) => `${folder}/${classOf(i)}/${i}.png`],
  ['within the classes', (folder: string, i: number) => `${classOf(i)}/${folder}/${i}.png`],
])('a folder of masks %s: asked about, and left out', async (_what, nameOf) => {
  const files = await masked(nameOf)
  const [first] = (await previewFolder(files)).doubts
  expect(first).toMatchObject({ code: 'paired-images', choices: [{ options: { leaveOut } }, {}] })
  const found = await previewFolder(files, { leaveOut })
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
})

test('of images in one folder, a table says the classes once masks are left out', async () => {
  const files = [
    ...(await masked((folder, i) => `${folder}/${i}.png`)),
    text('labels.csv', 'file,label', ...all(30, (i) => `${i}.png,${classOf(i)}`)),
  ]
  expect(codes(await previewFolder(files))).toContain('paired-images')
  const found = await previewFolder(files, { leaveOut })
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
})

test('classes that are called so are none, though their images are numbered alike', async () => {
  const kinds = ['with_mask', 'without_mask', 'worn_wrongly']
  expect(codes(await previewFolder(await drawn((i) => `${kinds[i % 3]}/${Math.floor(i / 3)}.png`)))).toEqual([])
})

test('changed copies beside the images are asked about: they may come to both sides of a split', async () => {
  const files = [...(await drawn((i) => `${classOf(i)}/${i}.png`)), ...(await drawn((i) => `${classOf(i)}/${i}_flip.png`, 30, 30))]
  expect((await previewFolder(files)).doubts).toMatchObject([
    { code: 'paired-images', choices: [{ options: { leaveOut: ['_flip'] } }, {}] },
  ])
})

test("Roboflow's copies of images are asked about where nothing says the parts", async () => {
  const name = (i: number) => `${classOf(i)}/${i % 12}_jpg.rf.${String(i).padStart(32, 'a')}.png`
  const [doubt, ...others] = (await previewFolder(await drawn(name))).doubts
  expect(others).toEqual([])
  expect(doubt.code).toBe('paired-images')
  expect(doubt.message).toMatch(/^By their names 18 of 30 images are changed copies of another/)
  const parted = [...(await drawn((i) => `train/${name(i)}`)), ...(await drawn((i) => `valid/${name(i)}`, 9, 30))]
  expect(codes(await previewFolder(parted))).toEqual([])
})

test('classes with a part in their names beside those without: these train', async () => {
  const files = [...(await drawn((i) => `${classOf(i)}s/${i}.png`)), ...(await drawn((i) => `validation-${classOf(i)}s/${i}.png`, 9, 30))]
  const found = await previewFolder(files)
  expect(codes(found)).toEqual([])
  expect(found.suggestedSplit.validation).toBe(9)
  expect(classesOf(found)).toEqual({ cats: 13, dogs: 13, eels: 13 })
})

test.each([
  ['a plural', (i: number) => `${classOf(i)}s`, classOf],
  ['another spelling', (i: number) => ['grey', 'aluminium', 'eel'][i % 3], (i: number) => ['gray', 'aluminum', 'eel'][i % 3]],
])('classes that are tested under another name, by %s, can be made one', async (_what, trained, tested) => {
  const files = [...(await drawn((i) => `train/${trained(i)}/${i}.png`)), ...(await drawn((i) => `test/${tested(i)}/${i}.png`, 9, 30))]
  const [doubt] = (await previewFolder(files)).doubts
  expect(doubt.code).toBe('untrained-class')
  const { rename } = doubt.choices[0].options
  const found = await previewFolder(files, { rename })
  expect(codes(found)).toEqual([])
  expect(Object.values(classesOf(found))).toEqual([13, 13, 13])
})

test('classes of other numbers are other classes', async () => {
  const files = [
    ...(await drawn((i) => `train/kind ${i % 3}/${i}.png`)),
    ...(await drawn((i) => `test/kind ${3 + (i % 3)}/${i}.png`, 9, 30)),
  ]
  expect((await previewFolder(files)).doubts.map(({ choices }) => choices.map(({ options }) => options.rename))).toEqual([
    [undefined, undefined],
  ])
})

test.each([
  [
    'a word, then a number, those to be answered by a number alone (Dogs vs. Cats)',
    (i: number) => `train/${classOf(i)}.${i}.png`,
    ['class-by-name', 'unused-images'],
  ],
  ['a number, then a word', (i: number) => `${100 + i}_${classOf(i)}.png`, ['class-by-name']],
  ['the number of the class, then one', (i: number) => `${i % 3}_${100 + i}.png`, ['class-by-name']],
])('names of images say the classes: %s', async (_what, nameOf, asked) => {
  const files = [...(await drawn(nameOf)), ...(asked.length > 1 ? await drawn((i) => `test1/${i}.png`, 9, 30) : [])]
  const found = await previewFolder(files)
  expect(codes(found)).toEqual(asked)
  expect(Object.values(classesOf(found))).toEqual([10, 10, 10])
})

test("what is of none of the other classes (Caltech's) is asked about", async () => {
  const kinds = ['accordion', 'airplanes', 'BACKGROUND_Google']
  expect(codes(await previewFolder(await drawn((i) => `101_ObjectCategories/${kinds[i % 3]}/${i}.png`)))).toEqual(['labels-missing'])
})
