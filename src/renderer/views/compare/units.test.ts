import { expect, test } from 'vitest'
import { betterOverSeeds, unitOf, unitsOf, type Unit } from './units.ts'

const unit = (name: string, values: readonly number[], basis = '3 networks on 30 test images'): Unit => {
  const found = values.map((value, i) => ({ run: `${name}-${i}`, seed: i + 1, value }))
  const value = {
    analysis: 'Evaluation',
    label: 'Mean accuracy',
    unit: 'share' as const,
    best: 'highest' as const,
    basis,
    found,
    missing: [],
  }
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

test('repeats over seeds are one line where the first of them was asked for; each of them has its place and colour', () => {
  const repeats = { runs: ['b', 'd', 'e'].map((run, i) => ({ run, seed: i + 1 })), values: [] }
  const named = (names: Record<string, string>) => unitsOf(['a', 'b', 'c', 'd', 'e'], [repeats], (id) => names[id] ?? id)
  const units = named({ b: 'shapes, seed 1', d: 'shapes, seed 2', e: 'shapes, seed 3' })
  expect(units.map(({ ids, name }) => [name, ...ids])).toEqual([
    ['a', 'a'],
    ['shapes, 3 seeds', 'b', 'd', 'e'],
    ['c', 'c'],
  ])
  expect(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => unitOf(units, id))).toEqual([0, 1, 2, 1, 1, -1])
  expect(named({ b: 'shapes' })[1].name).toBe('shapes and 2 repeats')
  expect(unitsOf(['a', 'b', 'd'], [], String).map(({ name }) => name)).toEqual(['a', 'b', 'd'])
})

test('runs that are called the same are told apart by their ids', () => {
  const names: Record<string, string> = { 'calm-otter': 'demo', 'tidy-robin': 'demo', 'first-fox': 'shapes' }
  const units = unitsOf(Object.keys(names), [], (id) => names[id])
  expect(units.map(({ name }) => name)).toEqual(['demo (calm-otter)', 'demo (tidy-robin)', 'shapes'])
})
