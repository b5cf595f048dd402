import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ProperScores } from '../../shared/statistics/schemas.ts'
import { Pacer } from '../job/pacer.ts'
import { contextTelling } from '../training/testing/scripted.ts'
import { NetworkScores, properScores, scoresOf } from './proper-scores.ts'
import { atTemperature, fitTemperature } from './temperature.ts'

type Scores = Record<keyof ProperScores, number>
interface Case {
  classes: number
  labels: number[]
  probabilities: number[]
  temperature: number
  before: Scores
  after: Scores
}
const cases = JSON.parse(readFileSync(new URL('fixtures/temperature.json', import.meta.url), 'utf8')) as Case[]
const pacer = new Pacer(contextTelling())
const measures = ['error', 'massError', 'brier', 'loss'] as const

describe('temperature scaling', () => {
  it.each(cases)(
    'finds what SciPy finds, and scores what scikit-learn and NumPy do',
    async ({ classes, labels, probabilities, ...wanted }) => {
      const said = Float32Array.from(probabilities)
      const temperature = fitTemperature(probabilities, labels, classes)!
      expect(temperature).toBeCloseTo(wanted.temperature, 5)
      const about = { labels: Uint8Array.from(labels), classes, bins: 10 }
      const before = await scoresOf(said, about, properScores, 1, pacer)
      const after = await scoresOf(atTemperature(said, classes, temperature), about, properScores, 1, pacer)
      for (const measure of measures) {
        expect([measure, before[measure].value]).toEqual([measure, expect.closeTo(wanted.before[measure], 5)])
        expect([measure, after[measure].value]).toEqual([measure, expect.closeTo(wanted.after[measure], 5)])
        expect(before[measure].interval!.low).toBeLessThanOrEqual(before[measure].value)
      }
      // Nothing is left to scale.
      expect(fitTemperature(atTemperature(said, classes, temperature), labels, classes)).toBeCloseTo(1, 4)
    },
  )

  it('finds none where all answers are right, or no better than guesses', () => {
    expect(fitTemperature([0.9, 0.1, 0.2, 0.8], [0, 1], 2)).toBeNull()
    expect(fitTemperature([0.9, 0.1, 0.2, 0.8], [1, 0], 2)).toBeNull()
    expect(fitTemperature([0.5, 0.5, 0.5, 0.5], [1, 0], 2)).toBeNull()
    expect(fitTemperature([1, 0, 0, 1], [0, 1], 2)).toBeNull()
  })

  it('scores several networks by their means', () => {
    const about = { labels: Uint8Array.of(0, 1), classes: 2, bins: 2 }
    const all = new NetworkScores(about, ['brier', 'loss'])
    all.add(Float32Array.of(1, 0, 0, 1))
    all.add(Float32Array.of(0.5, 0.5, 0.5, 0.5))
    // What is not asked for is not found.
    expect(all.calibrations).toEqual({ error: [], massError: [] })
    const { brier, loss } = all.scores()
    expect([brier.value, loss.value]).toEqual([0.25, expect.closeTo(Math.log(2) / 2, 12)])
  })
})
