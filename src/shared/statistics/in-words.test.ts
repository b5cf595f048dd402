import { expect, it } from 'vitest'
import { numberWithin, percentWithin, pointsWithin } from './in-words.ts'

it('has a true minus, and none before what was rounded to nothing', () => {
  expect(numberWithin(1.2, { low: -0.02, high: 2.4 })).toMatch(/^1\.2.*\[0\.0,.2\.4\]$/)
  expect(numberWithin(-1.2, { low: -2.4, high: -0.02 })).toMatch(/^\u22121\.2.*\[\u22122\.4,.0\.0\]$/)
  expect(pointsWithin(-0.0062, { low: -0.0087, high: -0.0037 })).toContain('\u22120.62')
})

it('has two places where an interval is as narrow as rounding makes it, not as many as there are', () => {
  expect(percentWithin(0.4, { low: 0.4 - 5e-17, high: 0.4 + 5e-17 })).toMatch(/^40\.00.% \[40\.00,.40\.00\]$/)
  expect(numberWithin(0.3, { low: 0.1 + 0.2, high: 0.3 })).toMatch(/^0\.30 \[0\.30,.0\.30\]$/)
})
