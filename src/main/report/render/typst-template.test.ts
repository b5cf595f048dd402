import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { expect, it } from 'vitest'
import { template } from './typst-template.ts'

it('where all columns give way, each has room for the longest word in it, of its head or of a cell', () => {
  const heads = ['Change', ...[1, 2, 3, 4, 5].map((severity) => `Severity ${severity}`), 'Meaning']
  const table = {
    columns: heads.map((head) => ({ header: [head], align: 'left' })),
    rows: ['Gaussian noise', 'Displacement'].map((change) =>
      [change, '0.03', '0.06', '0.1', '0.14', '0.18', 'of the side, in a random direction'].map((cell) => [cell]),
    ),
  }
  const report = { title: '', short: '', subtitle: [], moment: '', date: null, sections: [], table }
  const compiler = NodeCompiler.create()
  const compiled = compiler.compile({
    mainFileContent: `${template}
#let widths = column-widths(report.table)
#for (i, longest) in (12, 8, 8, 8, 8, 8, 9).enumerate() { assert(widths.at(i) >= longest * 4fr, message: str(i)) }`,
    inputs: { report: JSON.stringify(report) },
  })
  const found = compiled.takeDiagnostics()
  expect(found === null ? [] : compiler.fetchDiagnostics(found)).toEqual([])
})
