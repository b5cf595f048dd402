/** Every accuracy that a command or a report tells has its images, their number and an interval: this finds those without. */
import { describe, expect, it, test } from 'vitest'
import { compose } from '../main/report/content/compose.ts'
import { plain } from '../main/report/content/document.ts'
import { renderMarkdown } from '../main/report/render/markdown.ts'
import { madeUpResults } from '../main/report/testing/made-up-results.ts'
import { syntheticInput } from '../main/report/testing/synthetic-input.ts'
import { bareShares, saysImages } from '../shared/statistics/testing/bare-shares.ts'
import { analyses, findAnalysis } from './registry.ts'

const results = madeUpResults()
const input = { ...syntheticInput(), results }

it('looks at every kind that there is', () => {
  expect(results.map(({ kind }) => kind).sort()).toEqual(analyses.map(({ kind }) => kind).sort())
})

/** Tables of what was done, not of what was found. */
const settings = new Set(['Severities'])
/** Tables of shares of variance. */
const variances = new Set(['Explained variance', 'Filters'])

describe.each(results.map((result) => [result.kind, result] as const))('%s', (kind, result) => {
  const analysis = findAnalysis(kind)!
  const { rows = [], tables = [], notes = [] } = analysis.show(result)

  it('tells no accuracy without an interval', () => {
    expect(bareShares(analysis.headline(result))).toEqual([])
    // Of maps and matrices, shares of variance alone; of bins, how sure networks are stands beside how often they are right.
    const told = [...rows.filter(([label]) => !/variance|explain/.test(label)).map(([, value]) => value), ...notes]
    expect(told.flatMap(bareShares)).toEqual([])
    const noShares = /^confidence$|nats/
    for (const { title, columns, rows: cells } of tables.filter(({ title }) => !settings.has(title) && !variances.has(title)))
      expect(
        cells.flatMap((row) => row.filter((_, at) => !noShares.test(columns[at])).flatMap(bareShares)),
        title,
      ).toEqual([])
  })

  it('says in its headline of how many images of which split it is', () => {
    if (analysis.images !== null && analysis.images.without === undefined) expect(saysImages(analysis.headline(result))).toBe(true)
  })
})

test('a report tells none without an interval, and each beside its images', async () => {
  const { sections, ...document } = await compose(input)
  const found = sections.filter(({ id }) => !['configuration', 'timings', 'method', 'reproduce'].includes(id))
  const blocks = found.flatMap((section) =>
    section.blocks.map((block) => ({
      block,
      text: renderMarkdown({ ...document, sections: [{ ...section, blocks: [block] }] }, () => ({ svg: '', csv: '' })),
    })),
  )
  for (const { block, text } of blocks) {
    // The figures stand in bold, their intervals in small print.
    const read =
      block.kind === 'numbers' ? block.items.map(({ value, note }) => (/^[01]\.\d/.test(value) ? `${value} ${note}` : '')).join('\n') : text
    const isOther = [...settings, ...variances].some((title) => text.includes(`. ${title}.`))
    // How sure networks are stands first in a row of bins.
    const told = text.includes('| Confidence |') ? read.replaceAll(/^\| [\d.]+\s% \|/gm, '|') : read
    if (!isOther) expect.soft(bareShares(told), text).toEqual([])
    if (block.kind === 'numbers')
      for (const { value, note } of block.items) expect(!/^[01]\.\d/.test(value) || saysImages(note), note).toBe(true)
    if (block.kind === 'figure') {
      // What is written into a drawing, but for the numbers of its axes and of its scale of colours, and a component's share of variance.
      const drawing = block.figure.svg.replaceAll(/<g data-mark="[^"]*axis[^"]*"[\s\S]*?<\/g>/g, '')
      const written = [...drawing.matchAll(/<text[^>]*>([^<]*)<\/text>/g)]
        .map(([, words]) => words)
        .filter((words) => !/^[≤≥]? ?[\d.]+$/.test(words) && !/^\d+: [\d.]+\s%$/.test(words))
      expect.soft(written.flatMap(bareShares), block.figure.id).toEqual([])
      if (/by accuracy/.test(plain(block.figure.caption))) expect(saysImages(plain(block.figure.caption)), block.figure.id).toBe(true)
    }
    if (block.kind === 'figure' && /[01]\.\d{3} \[/.test(plain(block.figure.caption)))
      expect(saysImages(plain(block.figure.caption)), block.figure.id).toBe(true)
  }
})
