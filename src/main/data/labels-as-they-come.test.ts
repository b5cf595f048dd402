/** What says the classes, as files really come: names that programs changed, texts and records beside images, several classes in a cell. */
import { describe, expect, test } from 'vitest'
import { previewFolder } from './testing/imports.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, classOf, codes, drawn, names, text } from './testing/three-classes.ts'

const whole = { cat: 10, dog: 10, eel: 10 }
const padded = (i: number): string => String(i).padStart(3, '0')

test.each<[string, (i: number) => string, (i: number) => string]>([
  ['addresses of Windows', (i) => `img/${i}.png`, (i) => `C:\\Users\\me\\img\\${i}.png`],
  ['other letters in size', (i) => `img/Photo_${i}.PNG`, (i) => `photo_${i}.png`],
  ['numbers without the zeros before them', (i) => `img/${padded(i)}.png`, (i) => String(i)],
  ['accents as characters of their own', (i) => `img/${'é'.normalize('NFD')}${i}.png`, (i) => `é${i}.png`],
  ['addresses of the web', (i) => `img/my ${i}.png`, (i) => `https://x.org/my%20${i}.png?token=a.b`],
  ['a path within an address', (i) => `img/${i}.png`, (i) => `/data/local-files/?d=${i}.png`],
])('a table names the images by %s', async (_what, nameOf, cellOf) => {
  const found = await previewFolder([
    ...(await drawn(nameOf)),
    text('set.csv', 'file,label', ...all(30, (i) => `${cellOf(i)},${classOf(i)}`)),
  ])
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual(whole)
})

test('labels whose accents are written in two ways are the same', async () => {
  const label = (i: number) => (i < 15 ? 'é' : 'e\u0301')
  const found = await previewFolder([
    ...(await drawn((i) => `img/${i}.png`)),
    text('set.csv', 'file,label', ...all(30, (i) => `${i}.png,${i % 3 === 0 ? label(i) : 'b'}`)),
  ])
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual({ b: 20, é: 10 })
})

describe('beside each image', () => {
  const beside = async (ending: string, say: (i: number) => string) => [
    ...(await drawn((i) => `${i}.png`)),
    ...all(30, (i) => text(`${i}.${ending}`, say(i))),
  ]

  test('a record in JSON, as in shards of WebDataset', async () => {
    const found = await previewFolder(await beside('json', (i) => JSON.stringify({ id: i, label: classOf(i), width: 12 })))
    expect(codes(found)).toEqual([])
    expect(classesOf(found)).toEqual(whole)
  })

  test('a text with the class', async () => {
    const found = await previewFolder(await beside('txt', classOf))
    expect(codes(found)).toEqual([])
    expect(classesOf(found)).toEqual(whole)
  })

  test.each([
    ['json', (i: number) => JSON.stringify({ shapes: [{ label: classOf(i) }] })],
    ['txt', (i: number) => `${i % 3} 0.5 0.5 0.${i + 10} 0.2`],
    ['txt', (i: number) => `A photo of a ${classOf(i)} with number ${i}`],
  ])('boxes and captions in .%s are no classes', async (ending, say) => {
    expect((await problem(async () => previewFolder(await beside(ending, say)))).code).toBe('bad-input')
  })
})

test.each<[string, Sample, RegExp]>([
  [
    'names none of them',
    text('set.csv', 'id,label', ...all(30, (i) => `x${i},${classOf(i)}`)),
    /set\.csv beside them has no column of their names/,
  ],
  ['has labels alone', text('set.csv', 'label', ...all(30, classOf)), /set\.csv beside them has no column of their names/],
  ['is a spreadsheet', text('set.xlsx', 'PK'), /set\.xlsx beside them may say their classes, but is no table in text/],
])('a table beside images that %s is what the refusal speaks of', async (_what, table, message) => {
  expect((await problem(async () => previewFolder([...(await drawn((i) => `img/a${i}.png`)), table]))).message).toMatch(message)
})

test('a table that names images by names which several folders have is asked about', async () => {
  const files = await drawn((i) => `${'ab'[i % 2]}/n${Math.floor(i / 2)}.png`)
  const found = await previewFolder([...files, text('set.csv', 'file,label', ...all(15, (i) => `n${i}.png,${classOf(i)}`), 'n0.png,cat')])
  expect(codes(found)).toEqual(['labels-differ'])
})

describe('names of classes', () => {
  test.each([
    ['letters that look alike', 'cat', '\u0441at'],
    ['letters that are not seen', 'cat', 'cat\u200b'],
    ['zeros in front', '1', '01'],
  ])('that differ by %s are asked about', async (_what, one, other) => {
    const found = await previewFolder(await drawn((i) => `${i % 3 > 0 ? 'dog' : i < 15 ? one : other}/${i}.png`))
    expect(codes(found)).toEqual(['classes-alike'])
    expect(found.doubts[0].choices[1].outcome?.classes).toHaveLength(2)
  })

  test.each([
    ['cat|dog', 'dog|eel', 'cat|eel'],
    ['cat;dog', 'dog;eel', 'cat;eel;dog'],
    ['["cat", "dog"]', '["dog"]', '["eel"]'],
  ])('that are several at once are asked about: %s', async (...labels) => {
    const cell = (i: number) => `"${labels[i % 3].replaceAll('"', '""')}"`
    const found = await previewFolder([
      ...(await drawn((i) => `img/${i}.png`)),
      text('set.csv', 'file,label', ...all(30, (i) => `${i}.png,${cell(i)}`)),
    ])
    expect(codes(found)).toEqual(['odd-labels'])
  })

  test.each([
    ['red apple', 'green apple', 'red car'],
    ['cat, domestic', 'dog, domestic', 'eel, wild'],
  ])('that only share words are not: %s', async (...labels) => {
    const found = await previewFolder(await drawn((i) => `${labels[i % 3]}/${i}.png`))
    expect(codes(found)).toEqual([])
  })

  test('written as records can be what is in them', async () => {
    const cell = (i: number) => `"{""class"":""${classOf(i)}""}"`
    const files = [...(await drawn((i) => `img/${i}.png`)), text('set.csv', 'file,label', ...all(30, (i) => `${i}.png,${cell(i)}`))]
    const asked = await previewFolder(files)
    expect(codes(asked)).toEqual(['odd-labels'])
    expect(classesOf(await previewFolder(files, asked.doubts[0].choices[0].options))).toEqual(whole)
  })
})

test('a class of which no image can be read is asked about, however small it is', async () => {
  const damaged = { name: 'fox/0.png', bytes: Buffer.from('\x89PNG\r\n\x1a\nx', 'latin1') }
  const files = [...(await drawn((i) => `${classOf(i)}/${i}.png`)), damaged]
  const asked = await previewFolder(files)
  expect(codes(asked)).toEqual(['small-class'])
  expect(classesOf(await previewFolder(files, asked.doubts[0].choices[0].options))).toEqual(whole)
})

test("a table of Orange's, with three lines of names, says the classes of the images beside it", async () => {
  const head = ['image,size,category', 'string,continuous,discrete', 'meta type=image,meta,class']
  const found = await previewFolder([
    ...(await drawn((i) => `images/${i}.png`)),
    text('table.csv', ...head, ...all(30, (i) => `images/${i}.png,${500 + i},${classOf(i)}`)),
  ])
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual(whole)
})

test('of columns that say the classes in two ways the one in words is taken, and where they differ one is asked for', async () => {
  const files = async (column: string, say: (i: number) => string) => [
    ...(await drawn((i) => `img/${i}.png`)),
    text('set.csv', `file,class_id,${column}`, ...all(30, (i) => `${i}.png,${i % 3},${say(i)}`)),
  ]
  const alike = await previewFolder(await files('class_name', classOf))
  expect(codes(alike)).toEqual([])
  expect(classesOf(alike)).toEqual(whole)
  // One may tell more than the other does, whichever it is.
  for (const say of [(i: number) => classOf(i >> 1), (i: number) => names[(i % 3) >> 1], (i: number) => `${classOf(i)} ${i % 2}`]) {
    const apart = await previewFolder(await files('class_name', say))
    expect(codes(apart)).toEqual(['label-column'])
    expect(apart.doubts[0].choices.map(({ options }) => options)).toEqual([{ labelColumn: 'class_id' }, { labelColumn: 'class_name' }])
  }
})
