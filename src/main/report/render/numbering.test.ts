import { expect, it } from 'vitest'
import type { Block, Figure, ReportDocument } from '../content/document.ts'
import { renderHtml } from './html.ts'
import { renderMarkdown } from './markdown.ts'

const figure = (id: string): Block => ({
  kind: 'figure',
  figure: {
    id,
    title: `Title of ${id}`,
    caption: ['Words.'],
    description: id,
    svg: '<svg/>',
    data: { columns: [], rows: [] },
    plots: [],
  } satisfies Figure,
})
const table = (id: string): Block => ({
  kind: 'table',
  table: {
    ...{ id, title: `Title of ${id}`, caption: ['Words.'] },
    columns: [
      { header: ['What'], align: 'left' },
      { header: ['Value'], align: 'right' },
    ],
    rows: [[[`${id} row`], ['7']]],
  },
})
const report: ReportDocument = {
  ...{ title: 'Report', short: 'Report', subtitle: ['Words'], made: 0 },
  sections: [
    { id: 'one', title: 'One', blocks: [table('first'), figure('a')] },
    { id: 'two', title: 'Two', blocks: [figure('b'), table('second'), table('third')] },
  ],
}

it('figures and tables are counted by themselves, from 1 on, in Markdown and in HTML', () => {
  const markdown = renderMarkdown(report, (id) => ({ svg: `${id}.svg`, csv: `${id}.csv` }))
  const page = renderHtml(report)
  for (const text of [markdown.replaceAll('**', ''), page.replaceAll(/<\/?b>/g, '')])
    expect(
      [...text.matchAll(/(Figure|Table) (\d+)\. (Title of \w+)\./g)].map(([, kind, number, title]) => `${kind} ${number}: ${title}`),
    ).toEqual([
      'Table 1: Title of first',
      'Figure 1: Title of a',
      'Figure 2: Title of b',
      'Table 2: Title of second',
      'Table 3: Title of third',
    ])
  expect(markdown).toContain('![b](b.svg)')
  expect(markdown).toContain('[Data](b.csv)')
  expect(markdown).toContain('| What | Value |\n| --- | ---: |\n| second row | 7 |')
  expect(page).toContain('<th scope="col" class="right">Value</th>')
  expect(page).toContain('<th scope="row">second row</th><td class="right">7</td>')
})
