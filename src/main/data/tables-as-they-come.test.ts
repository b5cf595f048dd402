/** Tables of pixels as programs and people really write them: what stands above the rows, in which order columns stand, what is between cells. */
import { expect, test } from 'vitest'
import { importFiles, previewFolder } from './testing/imports.ts'
import { problem, type Sample } from './testing/samples.ts'
import { all, classesOf, names } from './testing/three-classes.ts'

const pixel = (i: number, k: number): number => (k === 0 ? 255 : (i * 31 + k * 17) % 256)
const columns = all(16, (k) => `pixel${k}`)
const row = (i: number, label = names[i % 3], order = all(16, (k) => k)): string => [label, ...order.map((k) => pixel(i, k))].join()
const rows = all(30, (i) => row(i))
const head = ['label', ...columns].join()
const file = (lines: readonly string[], name = 'set.csv'): Sample => ({ name, bytes: Buffer.from(`${lines.join('\n')}\n`) })
const whole = { cat: 10, dog: 10, eel: 10 }

test.each<[string, string[]]>([
  ['remarks', ['# made by me', '# on a Monday', head]],
  ['remarks of which the last are the names, as numpy.savetxt has them', [`# ${head}`]],
  ['a title', [`My digits${','.repeat(16)}`, head]],
  ['units below the names', [head, `name${',0-255'.repeat(16)}`]],
  ["Orange's three lines of names", [head, `discrete${',continuous'.repeat(16)}`, `class${','.repeat(16)}`]],
  ["Orange's kinds in the names", [['cD#label', ...columns.map((name) => `C#${name}`)].join()]],
])('%s above the rows are no images', async (_what, above) => {
  const found = await previewFolder([file([...above, ...rows])])
  expect(found.doubts).toEqual([])
  expect(classesOf(found)).toEqual(whole)
  expect(found.labelColumn?.chosen).toMatch(/^(cD#)?label$/)
})

test('columns of pixels that stand in the order of their names are put into that of their numbers', async () => {
  const sorted = all(16, (k) => k).sort((a, b) => (`pixel${a}` < `pixel${b}` ? -1 : 1))
  const names_ = ['label', ...sorted.map((k) => `pixel${k}`)].join()
  const [there, expected] = [
    await importFiles([file([names_, ...all(30, (i) => row(i, undefined, sorted))])]),
    await importFiles([file([head, ...rows])]),
  ]
  expect(there.images).toEqual(expected.images)
})

test('of two columns of one name either can be chosen', async () => {
  const table = file([['label', 'label', ...columns].join(), ...rows.map((one, i) => `${i % 2},${one}`)])
  const asked = await previewFolder([table])
  expect(asked.doubts.map(({ code }) => code)).toEqual(['label-column'])
  const found = await Promise.all(asked.doubts[0].choices.map(({ options }) => previewFolder([table], options)))
  expect(found.map(classesOf)).toEqual([{ '0': 15, '1': 15 }, whole])
  expect(found.map(({ labelColumn }) => labelColumn)).toEqual(['label', '2'].map((chosen) => ({ chosen, candidates: ['label', '2'] })))
})

test.each<[string, (value: number, k: number) => string]>([
  ['nothing for 0', (value, k) => (k === 3 ? '' : String(value))],
  ['numbers of base 16', (value) => value.toString(16).padStart(2, 'c')],
])('cells of pixels that hold %s are named', async (_what, write) => {
  const lines = all(30, (i) => [names[i % 3], ...all(16, (k) => write(pixel(i, k), k))].join())
  expect((await problem(() => previewFolder([file([head, ...lines])]))).message).toMatch(
    /called like pixels, but holds? no numbers in most rows/,
  )
})

test.each(['digits.txt', 'zip.train', 'digits.dat'])('blanks between numbers, in %s', async (name) => {
  const spaced = (line: string) => ` ${line.replaceAll(',', '   ')} `
  const [there, expected] = [
    await importFiles([
      file(
        all(30, (i) => spaced(row(i, String(i % 3)))),
        name,
      ),
    ]),
    await importFiles([file(all(30, (i) => row(i, String(i % 3))))]),
  ]
  expect(there.images).toEqual(expected.images)
  expect(there.labels).toEqual(expected.labels)
})

test('letters of another country: each encoding with what it makes of them', async () => {
  // In Windows-1250 this byte is the letter that Windows-1252 has for è.
  const bytes = Buffer.from([head, ...rows].map((line) => `${line.replace('cat', 'k\u00e8o')}\n`).join(''), 'latin1')
  const asked = await previewFolder([{ name: 'set.csv', bytes }])
  expect(asked.doubts.map(({ code }) => code)).toEqual(['encoding'])
  const czech = asked.doubts[0].choices.find(({ words }) => words.includes('central Europe'))!
  expect(czech.words).toContain('"kčo"')
  expect(classesOf(await previewFolder([{ name: 'set.csv', bytes }], czech.options))).toEqual({ kčo: 10, dog: 10, eel: 10 })
})

test('a row of totals is a class of a single image, which can be left out', async () => {
  const table = file([head, ...rows, `Total,${all(16, () => 200).join()}`])
  const asked = await previewFolder([table])
  expect(asked.doubts.map(({ code }) => code)).toContain('small-class')
  expect(classesOf(await previewFolder([table], asked.doubts.find(({ code }) => code === 'small-class')!.choices[1].options))).toEqual(
    whole,
  )
})

test('the range of pixels is that of the rows that are kept', async () => {
  const table = file([head, ...rows, `Total,${all(16, () => 60_000).join()}`])
  const asked = await previewFolder([table])
  expect(asked.notes.join()).toContain('65535')
  const without = await previewFolder([table], { missing: ['Total'] })
  expect(without.notes.join()).not.toContain('65535')
  expect(without.doubts).toEqual((await previewFolder([file([head, ...rows])])).doubts)
})

test.each<[string, string, RegExp]>([
  ['set.scale', all(30, (i) => `${i % 3} 1:20 5:30 9:2`).join('\n'), /of LibSVM/],
  ['set.jsonl', JSON.stringify({ label: 1, pixels: [1, 2] }), /is JSON/],
  ['set.zip.001', 'PK', /piece of an archive/],
  ['set.zip.part', 'PK', /download that has not ended/],
])('%s is called what it is', async (name, content, message) => {
  expect((await problem(() => previewFolder([{ name, bytes: Buffer.from(content) }]))).message).toMatch(message)
})
