import { expect, test } from 'vitest'
import { TableFacts } from './table-facts.ts'

const head = ['label', 'pixel1', 'pixel2', 'pixel3', 'note']
const factsOf = (...rows: string[][]): TableFacts => {
  const facts = new TableFacts({}, 'set.csv')
  for (const [line, cells] of [head, ...rows].entries()) facts.add(cells, line + 1)
  facts.end()
  return facts
}

const plain = [
  ['cat', '5', '7', '3', 'a'],
  ['dog', '6', '9', '3', 'b'],
]
const other = [
  ['eel', '2', '300', '0.5', 'c'],
  ['cat', 'x', '1,5', '3', ''],
  ['cat', '7'],
]

test('two tables are told of as one table of all their rows', () => {
  for (const [one, two] of [
    [plain, other],
    [other, plain],
  ]) {
    const [both, whole] = [factsOf(...one).with(factsOf(...two)), factsOf(...one, ...two)]
    expect(both.columns).toEqual(whole.columns)
    expect([both.rows, both.seen, both.names]).toEqual([4, 5, head])
  }
  const [label, low, high, fraction, note] = factsOf(...plain).with(factsOf(...other)).columns
  expect([...label.values!]).toEqual(['cat', 'dog', 'eel'])
  expect(low).toMatchObject({ min: 2, max: 6, whole: true, texts: 1, text: 'x', comma: null })
  expect(high).toMatchObject({ min: 7, max: 300, texts: 1, text: '1,5', comma: '1,5' })
  expect(fraction).toMatchObject({ min: 0.5, max: 3, whole: false, texts: 0 })
  expect([...note.values!]).toEqual(['a', 'b', 'c'])
})

test('labels of two tables that are too many together are none', () => {
  const rows = (from: number) => Array.from({ length: 200 }, (_, i) => [`class ${from + i}`, '1', '2', '3', ''])
  const [label] = factsOf(...rows(0)).with(factsOf(...rows(100))).columns
  expect(label.values).toBeNull()
})
