import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { arrange as arrangeBy, narrow, nextSorting, searchTexts } from './table.ts'
import type { Column, Sorting } from './table.ts'

interface Row {
  name: string
  mean: number | null
}

const columns: Column<Row>[] = [
  { key: 'name', title: 'Name', value: (row) => row.name },
  { key: 'mean', title: 'Mean', value: (row) => row.mean },
]
const rows: Row[] = [
  { name: 'run 10', mean: 0.9 },
  { name: 'run 9', mean: null },
  { name: 'other', mean: 0.95 },
]
const arrange = (some: Row[], by: Column<Row>[], sorting: Sorting | null, filter: string) =>
  arrangeBy(narrow(some, by, filter, searchTexts(by)).rows, by, sorting)
const names = (arranged: readonly Row[]) => arranged.map(({ name }) => name)

describe('arranging rows', () => {
  it('keeps the order without a sorting', () => {
    expect(names(arrange(rows, columns, null, ''))).toEqual(['run 10', 'run 9', 'other'])
  })

  it('puts missing values last in both directions', () => {
    expect(names(arrange(rows, columns, { key: 'mean', descending: false }, ''))).toEqual(['run 10', 'other', 'run 9'])
    expect(names(arrange(rows, columns, { key: 'mean', descending: true }, ''))).toEqual(['other', 'run 10', 'run 9'])
  })

  it('counts numbers in names as numbers', () => {
    expect(names(arrange(rows, columns, { key: 'name', descending: false }, ''))).toEqual(['other', 'run 9', 'run 10'])
  })

  it('filters rows that are plain numbers', () => {
    const numbered: Column<number>[] = [{ key: 'network', title: 'Network', value: (index) => index }]
    expect(narrow([7, 17, 20], numbered, '7', searchTexts(numbered)).rows).toEqual([7, 17])
    expect(narrow([7, 17, 20], numbered, 'network > 7 and network < 20', searchTexts(numbered)).rows).toEqual([17])
  })

  it('compares values by the name of their column', () => {
    expect(names(arrange(rows, columns, null, 'mean >= 0.9'))).toEqual(['run 10', 'other'])
    expect(names(arrange(rows, columns, null, 'Mean > 90% or name = "run 9"'))).toEqual(['run 9', 'other'])
  })

  it('leaves all rows and says why where a comparison makes no sense', () => {
    const { rows: left, refusal } = narrow(rows, columns, 'size > 3', searchTexts(columns))
    expect(left).toBe(rows)
    expect(refusal).toContain('“size” cannot be filtered by.')
  })

  it('looks for signs of comparison in names, too', () => {
    const tagged = [{ name: 'lr=3', mean: null }, ...rows]
    expect(narrow(tagged, columns, 'lr=3', searchTexts(columns))).toEqual({ rows: [tagged[0]], refusal: null })
  })

  it('filters by every word', () => {
    expect(names(arrange(rows, columns, null, 'RUN 9'))).toEqual(['run 10', 'run 9'])
    expect(names(arrange(rows, columns, null, 'other run'))).toEqual([])
  })

  it('looks at a row once, and at a changed one anew', () => {
    let looks = 0
    const texts = searchTexts<Row>([{ key: 'name', title: 'Name', value: ({ name }) => (looks++, name) }])
    texts(rows[0])
    expect(texts(rows[0])).toBe('run 10')
    expect(looks).toBe(1)
    expect(texts({ ...rows[0], name: 'Other' })).toBe('other')
  })

  it('loses no row by sorting', () => {
    const row = fc.record({ name: fc.string(), mean: fc.option(fc.double()) })
    fc.assert(
      fc.property(fc.array(row), fc.constantFrom('name', 'mean'), fc.boolean(), (some, key, descending) => {
        expect(new Set(arrange(some, columns, { key, descending }, ''))).toEqual(new Set(some))
      }),
    )
  })
})

describe('a click on a head', () => {
  it('goes through both directions back to none', () => {
    const first = nextSorting(null, 'mean', true)
    expect(first).toEqual({ key: 'mean', descending: true })
    const second = nextSorting(first, 'mean', true)
    expect(second).toEqual({ key: 'mean', descending: false })
    expect(nextSorting(second, 'mean', true)).toBeNull()
  })
})
