import { expect, it } from 'vitest'
import { dealSchema } from './deal.ts'
import { acceptedOf, countClasses, unjudgedInWords, untrainedInWords } from './split-doubts.ts'

const names = ['ant', 'bee', 'cat', 'none']
const labels = Uint8Array.of(0, 0, 1, 0, 2, 1, 2, 2)

it('tells classes that no network could learn, and those that figures say nothing of', () => {
  const split = { train: 4, validation: 2, test: 2 }
  const counts = countClasses(labels, 4, null, split)
  expect(untrainedInWords(names, counts)).toBe(
    '1 of 4 classes has no image for training, and 3 for validation or test, of which no network could learn: cat.',
  )
  expect(unjudgedInWords(names, counts)).toEqual([
    'No validation image is of the class ant: figures on validation images say nothing of it.',
    'No test image is of 2 of 4 classes, ant, bee: figures on test images say nothing of them.',
  ])
})

it('has nothing to say of an order in which each part has all classes, or of a part without images', () => {
  const counts = countClasses(labels, 4, Uint32Array.of(0, 2, 4, 1, 5, 6, 3, 7), { train: 3, validation: 3, test: 0 })
  expect([untrainedInWords(names, counts), unjudgedInWords(names, counts)]).toEqual([null, []])
})

it('is accepted by one code or by a list of several, the same words for the same codes', () => {
  expect(acceptedOf([])).toBe(null)
  expect(acceptedOf(['untrained-class'])).toBe('untrained-class')
  const both = acceptedOf(['untrained-class', 'equal-across-splits', 'untrained-class'])
  expect(both).toEqual(['equal-across-splits', 'untrained-class'])
  for (const accept of ['equal-across-splits', both]) expect(dealSchema.parse({ seed: 1, first: 2, accept })).toMatchObject({ accept })
  expect(() => dealSchema.parse({ seed: 1, first: 2, accept: 'labels-missing' })).toThrow()
})
