import fc from 'fast-check'
import { expect, it } from 'vitest'
import { largest } from './largest.ts'

it('finds the first of the largest among the numbers asked for', () => {
  const numbers = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity)), { minLength: 1 })
  fc.assert(
    fc.property(fc.array(fc.integer()), numbers, fc.array(fc.integer()), (before, values, after) => {
      const real = values.filter((value) => !Number.isNaN(value))
      const expected = real.length === 0 ? 0 : values.indexOf(Math.max(...real))
      const found = largest([...before, ...values, ...after], before.length, values.length)
      // Where there are but NaN and -Infinity, it is the first place.
      expect(found).toBe(Math.max(-Infinity, ...real) === -Infinity ? 0 : expected)
    }),
  )
})
