import { expect, test } from 'vitest'
import { betterOverSeeds, type Unit } from './units.ts'

const unit = (name: string, values: readonly number[], basis = '3 networks on 30 test images'): Unit => {
  const found = values.map((value, i) => ({ run: `${name}-${i}`, seed: i + 1, value }))
  const value = { analysis: 'Evaluation', label: 'Mean accuracy', unit: 'share' as const, basis, found, missing: [] }
  return { ids: found.map(({ run }) => run), name, repeats: { runs: found.map(({ run, seed }) => ({ run, seed })), values: [value] } }
}
const better = (...units: Unit[]) => betterOverSeeds(units, { label: 'Mean accuracy', best: 'highest' })

test('a document is called better only where its seeds carry it', () => {
  expect(better(unit('wide', [0.9, 0.91, 0.92]), unit('narrow', [0.7, 0.71, 0.72]))).toBe('wide')
  expect(better(unit('wide', [0.9, 0.8]), unit('narrow', [0.7, 0.75]))).toBe('not told apart by these seeds')
  // Nothing is compared across bases, nor with a run by itself.
  expect(better(unit('wide', [0.9, 0.91, 0.92]), unit('narrow', [0.7, 0.71, 0.72], '5 networks'))).toBeNull()
  expect(better(unit('wide', [0.9, 0.91, 0.92]), { ids: ['a'], name: 'a', repeats: null })).toBeNull()
})
