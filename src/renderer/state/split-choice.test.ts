import { describe, expect, it } from 'vitest'
import { chooseSplit } from './split-choice.ts'

const together = { read: 100, classes: [{ name: 'a', count: 100, parts: null }] }
const apart = {
  read: 130,
  classes: [
    { name: 'a', count: 60, parts: { train: 50, validation: 0, test: 10 } },
    { name: 'b', count: 70, parts: { train: 50, validation: 0, test: 20 } },
  ],
}
const wrongOf = (preview: typeof together | typeof apart, validation: number | null, test: number | null) =>
  chooseSplit(preview, { validation, test }).wrong

describe('a split that is typed', () => {
  it('leaves the others for training', () => {
    expect(chooseSplit(together, { validation: 20, test: 0 })).toEqual({
      total: 100,
      sizes: { train: 80, validation: 20, test: 0 },
      wrong: {},
    })
  })

  it('keeps images that came apart out of the count for training', () => {
    expect(chooseSplit(apart, { validation: 10, test: 5 })).toEqual({
      total: 100,
      sizes: { train: 90, validation: 10, test: 5 },
      wrong: {},
    })
    expect(wrongOf(apart, 10, 31)).toEqual({ test: 'There are only 30 test images.' })
  })

  it('is told what is wrong at its field', () => {
    expect(wrongOf(together, 0, 10)).toEqual({ validation: 'At least one image is needed for validation.' })
    expect(wrongOf(together, null, -1)).toEqual({
      validation: 'Enter a whole number of images.',
      test: 'Enter a whole number of images.',
    })
    expect(wrongOf(together, 1.5, 0).validation).toBe('Enter a whole number of images.')
    expect(wrongOf(together, 60, 40)).toEqual({ validation: 'No image of the 100 is left for training.' })
  })
})
