import { expect, it } from 'vitest'
import { archiveFiles } from '../render/archive.ts'
import type { Figure, ReportDocument } from '../content/document.ts'
import { picturesFigure } from './pictures.ts'

const rows = Array.from({ length: 3 }, (_, row) =>
  ['as it is', 'changed'].map((what) => ({ pixels: Uint8Array.of(0, 50, 100, 150, 200, row), words: `${what} ${row}` })),
)
const pictures = { title: 'Images changed', explanation: 'Some.', shape: [2, 3, 1], rows } as const

it('pictures stand in two blocks of rows, each with its words below and a file of its own', () => {
  const { id, svg, data, pictures: files, plots } = picturesFigure('adversarial-pictures', pictures)!
  expect(id).toBe('adversarial-pictures')
  expect(svg.match(/<image /g)).toHaveLength(6)
  expect(svg).toContain('>changed 2<')
  expect(data.rows).toEqual([
    [1, 'as it is 0', 'changed 0'],
    [2, 'as it is 1', 'changed 1'],
    [3, 'as it is 2', 'changed 2'],
  ])
  expect(files?.map(({ name }) => name)).toEqual(rows.flat().map(({ words }) => words))
  // As wide as high are its pixels, not the picture.
  const [, width, height] = /<image [^>]*width="([\d.]+)" height="([\d.]+)"/.exec(svg)!
  expect(Number(width) / Number(height)).toBeCloseTo(1.5, 1)
  expect(plots).toEqual([])
  // Words that are longer than their place do not run into the next.
  const long = rows.map((row) => [...row, ...row, row[0]].map((one) => ({ ...one, words: 'displacement' })))
  expect(picturesFigure('adversarial-pictures', { ...pictures, rows: long })!.svg).not.toContain('>displacement<')
  expect(picturesFigure('adversarial-pictures', { ...pictures, rows: [] })).toBeNull()
})

it('the numbers of a scale stand apart, however many digits they have', () => {
  const [low, high] = ['\u22120.0001234', '0.0001234']
  const { svg } = picturesFigure('scaled', { ...pictures, scale: { low, middle: '0', high } })!
  const at = (words: string) => Number(new RegExp(`<text x="([\\d.]+)"[^>]*>${words}<`).exec(svg)![1])
  expect(at('0') - at(low)).toBeGreaterThan(7 * low.length)
  expect(at(high) - at('0')).toBeGreaterThan(7 * high.length)
})

it('names of rows stand whole above them, and take room of their own', () => {
  const names = ['Displacement of what is there', 'Noise', 'Blur']
  const [bare, named] = [pictures, { ...pictures, names }].map((one) => picturesFigure('shift-pictures', one)!)
  for (const name of names) expect(named.svg).toContain(`font-weight="bold">${name}<`)
  const heightOf = (svg: string) => Number(/viewBox="0 0 \d+ (\d+)"/.exec(svg)![1])
  expect(heightOf(named.svg) - heightOf(bare.svg)).toBe(36)
  // Above its own row, not over the pictures of the row before.
  const places = (svg: string, what: RegExp) => [...svg.matchAll(what)].map(([, y]) => Number(y))
  const tops = places(named.svg, /translate\([\d.]+,([\d.]+)\)"?[^<]*<text[^>]*font-weight="bold"/g)
  const images = places(named.svg, /translate\([\d.]+,([\d.]+)\)"?[^<]*<image/g)
  expect(tops.map((top) => images.filter((image) => image === top + 18).length)).toEqual([4, 2, 4])
  expect(named.data.rows[0]).toEqual([names[0], 'as it is 0', 'changed 0'])
  expect(named.svg).toContain('Displacement of what is there: as it is 0 – changed 0; Noise:')
})

it('stand in LaTeX as they do in the drawing: so many side by side, each above its words, under the names of rows', () => {
  const tex = (figure: Figure): string => {
    const made = { title: '', subtitle: [], short: '', made: 0, sections: [{ title: '', blocks: [{ kind: 'figure', figure }] }] }
    const file = archiveFiles(made as unknown as ReportDocument).find(({ name }) => name.endsWith('.tex'))!
    return new TextDecoder().decode(file.bytes)
  }
  const grid = Array.from({ length: 3 }, (_, row) =>
    Array.from({ length: row < 2 ? 10 : 5 }, (__, at) => ({ ...rows[0][0], words: `${row}_${at}` })),
  )
  const lines = tex(picturesFigure('grid', { ...pictures, grid: true, rows: grid })!).split('\n')
  expect(lines).toContain(`\\begin{tabular}{${'@{\\,}c'.repeat(10)}}`)
  expect(lines.filter((line) => line.includes('includegraphics')).map((line) => line.split(' & ').length)).toEqual([10, 10, 5])
  expect(lines.join('')).toContain('\\shortstack{\\includegraphics[width=0.080\\linewidth]{figure-grid-25.png}\\\\\\scriptsize 2\\_4}')
  const named = tex(picturesFigure('named', { ...pictures, names: ['noise', 'blur', 'rotation'] })!)
  expect(named).toMatch(/multicolumn\{2\}\{l\}\{noise\} \\\\\n.*figure-named-1\.png.*figure-named-2\.png/)
})
