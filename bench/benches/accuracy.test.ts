import { describe, expect, it } from 'vitest'
import { isGood } from './accuracy.ts'

describe('isGood', () => {
  const good = { mean: 0.93, majority: 0.962, entropy: 2800 }

  it('takes the goal itself', () => {
    expect(isGood(good)).toBe(true)
  })

  it.each([{ mean: 0.929 }, { majority: 0.961 }, { entropy: 2799 }, { entropy: NaN }])('needs every part: %j is not enough', (part) => {
    expect(isGood({ ...good, ...part })).toBe(false)
  })
})
