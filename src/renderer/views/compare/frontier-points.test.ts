import { expect, test } from 'vitest'
import type { Comparison, SeedValue } from '../../../shared/contract/runs.ts'
import { frontierPoints } from './frontier-points.ts'
import type { Unit } from './units.ts'

const lambda = (value: number) => [{ label: 'lambda', symbol: 'λ', value }]
const result = (run: string, of: number, entropy: number | null, mean: number | null): Comparison['results'][number] => ({
  ...{ run, name: run, facts: lambda(of), step: 10, seconds: 1, mean, entropy, values: [] },
})
const overSeeds = (label: string, unit: SeedValue['unit'], values: readonly number[]): SeedValue => ({
  ...{ label, unit, best: 'highest', basis: '', missing: [] },
  found: values.map((value, at) => ({ run: `b${at + 1}`, seed: at + 1, value })),
})
const alone = (id: string): Unit => ({ ids: [id], name: id, repeats: null })
const repeated = (...values: SeedValue[]): Unit => ({
  ids: ['b1', 'b2', 'b3'],
  name: 'b, 3 seeds',
  repeats: { runs: ['b1', 'b2', 'b3'].map((run, at) => ({ run, seed: at + 1 })), values },
})
const results = [
  result('c', 100, 30, 0.8),
  ...['b1', 'b2', 'b3'].map((run, at) => result(run, 10, at, 0.1 * at)),
  result('d', 10, null, 0.9),
]

test('repeats over seeds are one point at their means, with intervals of both numbers; a run by itself has none', () => {
  const both = repeated(overSeeds('Entropy', 'nats', [10, 12, 14]), overSeeds('Mean network', 'share', [0.9, 0.91, 0.92]))
  const [first, second, ...more] = frontierPoints(results, [alone('c'), both, alone('d')])
  expect(more).toEqual([])
  expect(first).toMatchObject({ ids: ['b1', 'b2', 'b3'], name: 'λ 10', colour: 2, x: 12 })
  expect(first.y).toBeCloseTo(0.91, 12)
  // Student's t of two degrees of freedom, 4.303, times s.d. over the root of three.
  expect(first.across!.low).toBeCloseTo(12 - (4.3027 * 2) / Math.sqrt(3), 3)
  expect(first.within!.high).toBeCloseTo(0.91 + (4.3027 * 0.01) / Math.sqrt(3), 5)
  expect(second).toMatchObject({ ids: ['c'], name: 'λ 100', colour: 1, x: 30, y: 0.8, across: null, within: null })
  // One of the two numbers alone makes no point.
  expect(frontierPoints(results, [repeated(overSeeds('Entropy', 'nats', [10, 12, 14]))])).toEqual([])
})

test('runs by themselves are drawn where both numbers are known, in order of the setting, their colours those of eight places', () => {
  const bare = { label: 'temperature', value: 0 }
  const given = [result('a', 3, 1, 0.1), result('b', 2, 2, 0.2), result('c', 1, 3, null), { ...result('d', 0, 4, 0.4), facts: [bare] }]
  const filled = Array.from({ length: 7 }, (_, at) => alone(`none ${at}`))
  const points = frontierPoints(given, [alone('a'), ...filled, ...['b', 'c', 'd'].map(alone)])
  expect(points.map(({ ids, name, colour }) => [ids[0], name, colour])).toEqual([
    ['d', 'temperature 0', 3],
    ['b', 'λ 2', 1],
    ['a', 'λ 3', 1],
  ])
})

test('points of the same setting are told apart by what their runs are called', () => {
  const names = frontierPoints(results, ['b1', 'b2', 'c'].map(alone)).map(({ name }) => name)
  expect(names).toEqual(['b1', 'b2', 'λ 100'])
})
