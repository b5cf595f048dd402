/** A quick look at the bench's cases: an interval that is made wrong holds too seldom. */
import { expect, it } from 'vitest'
import { cases, coverageOf } from './cases.ts'

it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
  const { nominal = 0.95, known, quick } = one
  const { held, trials } = await coverageOf(one, quick, 11)
  // Two points are allowed, and what so few trials may be off by: two standard errors.
  const allowed = 0.02 + 2 * Math.sqrt((nominal * (1 - nominal)) / trials)
  expect(trials).toBeGreaterThan(0.8 * quick)
  expect(held).toBeGreaterThan(nominal - allowed)
  if (known === undefined) expect(held).toBeLessThan(nominal + allowed)
})
