import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { areaUnderRisk, areaUnderRoc, detection, rank, risks, type Detection } from './ranking.ts'

interface Case {
  doubts: number[]
  wrong: number[]
  roc: number
  risk: number
}
const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8'))
const cases = read('ranking') as Case[]
const outsiders = read('detection') as (Pick<Case, 'doubts'> & Detection & { isOutside: number[] })[]

describe('rankings', () => {
  it.each(cases)('have the areas that scikit-learn and counting find', ({ doubts, wrong, roc, risk }) => {
    const ranking = rank(doubts)
    expect(areaUnderRoc(ranking, wrong)).toBeCloseTo(roc, 10)
    expect(Math.abs(areaUnderRisk(ranking, wrong) - risk)).toBeLessThan(2e-3)
    const all = risks(ranking, wrong)
    expect(all.reduce((sum, one) => sum + one, 0) / all.length).toBeCloseTo(areaUnderRisk(ranking, wrong), 12)
    expect(all.at(-1)).toBeCloseTo(wrong.reduce((sum, one) => sum + one, 0) / wrong.length, 12)
  })

  it('count images as often as they were drawn', () => {
    const { doubts, wrong } = cases[1]
    const times = doubts.map((_, image) => image % 3)
    const drawn = doubts.flatMap((_, image) => Array.from({ length: times[image] }, () => image))
    const own = rank(drawn.map((image) => doubts[image]))
    const ownWrong = drawn.map((image) => wrong[image])
    const of = (image: number) => times[image]
    expect(areaUnderRoc(rank(doubts), wrong, of)).toBeCloseTo(areaUnderRoc(own, ownWrong), 12)
    expect(areaUnderRisk(rank(doubts), wrong, of)).toBeCloseTo(areaUnderRisk(own, ownWrong), 12)
  })

  it('are worth nothing where all are right, and half where doubt is the same everywhere', () => {
    expect(areaUnderRoc(rank([1, 2, 3]), [0, 0, 0])).toBeNaN()
    expect(areaUnderRisk(rank([1, 2, 3]), [0, 0, 0])).toBe(0)
    expect(areaUnderRoc(rank([1, 1, 1, 1]), [0, 1, 0, 1])).toBe(0.5)
    expect(areaUnderRisk(rank([1, 1, 1, 1]), [0, 1, 0, 1])).toBe(0.5)
  })

  it.each(outsiders)('tell outsiders apart as scikit-learn finds', ({ doubts, isOutside, ...wanted }) => {
    const found = detection(rank(doubts), isOutside)
    for (const measure of ['roc', 'outside', 'own', 'missed'] as const) expect(found[measure]).toBeCloseTo(wanted[measure], 10)
    // Twice the same images are the same shares.
    const twice = detection(rank(doubts), isOutside, () => 2)
    for (const measure of ['roc', 'outside', 'own', 'missed'] as const) expect(twice[measure]).toBeCloseTo(wanted[measure], 10)
  })
})
