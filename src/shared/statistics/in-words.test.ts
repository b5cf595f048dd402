import { expect, it } from 'vitest'
import { numberWithin, pointsWithin } from './in-words.ts'

it('has a true minus, and none before what was rounded to nothing', () => {
  expect(numberWithin(1.2, { low: -0.02, high: 2.4 })).toMatch(/^1\.2.*\[0\.0,.2\.4\]$/)
  expect(numberWithin(-1.2, { low: -2.4, high: -0.02 })).toMatch(/^\u22121\.2.*\[\u22122\.4,.0\.0\]$/)
  expect(pointsWithin(-0.0062, { low: -0.0087, high: -0.0037 })).toContain('\u22120.62')
})
