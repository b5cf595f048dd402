import { expect, it } from 'vitest'
import type { StudyRow } from '../../../shared/contract/studies.ts'
import { columnsOf } from './columns.ts'

/** A row whose mean network has these accuracies, by seed. */
function row(...found: [seed: number, value: number][]): StudyRow {
  const value = { label: 'Mean network', unit: 'share' as const, best: 'highest' as const, basis: '', missing: [] }
  return {
    ...{ preset: 'mnist-quick', settings: [], title: '', runs: [], networks: 5, bytes: null, another: null },
    values: [{ ...value, found: found.map(([seed, accuracy]) => ({ run: `r${seed}`, seed, value: accuracy })) }],
  }
}

const column = (...rows: StudyRow[]) => columnsOf(rows, 2)[0]

it('the best row is one that has every seed', () => {
  expect(column(row([1, 0.99]), row([1, 0.9], [2, 0.91]), row([1, 0.8], [2, 0.95])).chosen).toBe(1)
  expect(column(row([1, 0.99])).chosen).toBeNull()
})

it('ranks over seeds are of the values of the same seed, in whatever order these were found', () => {
  expect(column(row([1, 0.9], [2, 0.8]), row([2, 0.85], [1, 0.7])).overSeeds).toMatchObject({ means: [1.5, 1.5], seeds: 2 })
  expect(column(row([1, 0.9], [2, 0.8]), row([1, 0.85], [3, 0.7])).overSeeds).toBeNull()
  // Whichever row lacks a seed.
  const [two, three] = [row([1, 0.9], [2, 0.8]), row([1, 0.85], [2, 0.7], [3, 0.8])]
  expect([column(two, three).overSeeds, column(three, two).overSeeds]).toEqual([null, null])
})

it('of a number only rows that have it count, whatever others were asked', () => {
  const without = { ...row(), values: [], networks: 9 }
  const [first, last] = [0.9, 0.5].map((value) => row([1, value], [2, value + 0.01], [3, value + 0.02]))
  const lead = { beaten: 1, others: 1 }
  expect(columnsOf([first, without, last], 3)[0]).toMatchObject({ chosen: 0, ranks: [1, null, 2], lead, overSeeds: null })
  expect(columnsOf([first, last], 3)[0]).toMatchObject({ chosen: 0, ranks: [1, 2], lead, overSeeds: { means: [1, 2] } })
  const unlike = { ...last, networks: 9 }
  expect(columnsOf([first, unlike], 3)[0]).toMatchObject({ chosen: null, ranks: [null, null], lead: null, overSeeds: null })
})
