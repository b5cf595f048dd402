import { expect, it } from 'vitest'
import { trialInWords } from './network-import.ts'
import { wilson } from './statistics/intervals.ts'
import { bareShares, saysImages } from './statistics/testing/bare-shares.ts'

it('tells how good networks are with images, their number and an interval', () => {
  const trial = { networks: 4, images: 1000, mean: 0.732, min: 0.66, max: 0.804, interval: wilson(0.732, 1000) }
  for (const one of [trial, { ...trial, networks: 1 }]) {
    expect(bareShares(trialInWords(one))).toEqual([])
    expect(saysImages(trialInWords(one))).toBe(true)
  }
  expect(trialInWords(trial)).toMatch(/, 66\.00\s% to 80\.40\s% over 4 networks$/)
})
