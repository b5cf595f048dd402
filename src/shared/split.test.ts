import { expect, it } from 'vitest'
import { splitRange } from './split.ts'

it('has training images first, then those for validation, then those for test', () => {
  const sizes = { train: 50, validation: 20, test: 7 }
  expect(splitRange(sizes, 'train')).toEqual({ from: 0, count: 50 })
  expect(splitRange(sizes, 'validation')).toEqual({ from: 50, count: 20 })
  expect(splitRange(sizes, 'test')).toEqual({ from: 70, count: 7 })
})
