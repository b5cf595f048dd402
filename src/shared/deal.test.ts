import fc from 'fast-check'
import { expect, it } from 'vitest'
import { dealtOrder, leaksOf, splitInWords } from './deal.ts'
import { shuffledOrder } from './shuffle.ts'

const sizes = fc.record({ count: fc.integer({ min: 3, max: 60 }), seed: fc.nat(100) }).chain(({ count, seed }) =>
  fc.integer({ min: 2, max: count }).chain((first) =>
    fc.integer({ min: 1, max: first - 1 }).chain((train) =>
      fc.record({
        ...{ count: fc.constant(count), seed: fc.constant(seed), first: fc.constant(first), train: fc.constant(train) },
        validation: fc.integer({ min: 1, max: first - train }),
      }),
    ),
  ),
)

it('has each image once; only those that are dealt train and validate, and those behind them test first', () => {
  fc.assert(
    fc.property(sizes, ({ count, seed, first, train, validation }) => {
      const test = Math.max(0, count - first)
      const order = [...dealtOrder({ split: { train, validation, test }, deal: { seed, first } }, count)!]
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i))
      expect(order.slice(0, train + validation)).toEqual([...shuffledOrder(first, seed)].slice(0, train + validation))
      expect(order.slice(train + validation, train + validation + test)).toEqual(Array.from({ length: test }, (_, i) => first + i))
    }),
  )
})

it('leaves images as they lie where nothing is dealt', () => {
  expect(dealtOrder({ split: { train: 2, validation: 1, test: 1 } }, 4)).toBe(null)
})

it('counts images for validation and test that are equal to one for training, in the order that is dealt', () => {
  const firstEqual = Uint32Array.of(0, 1, 0, 3, 1, 5)
  const split = { train: 2, validation: 2, test: 2 }
  expect(leaksOf(firstEqual, null, split)).toEqual({ validation: 1, test: 1, first: 2 })
  expect(leaksOf(firstEqual, Uint32Array.of(0, 2, 1, 4, 3, 5), split)).toEqual({ validation: 0, test: 0, first: null })
})

it('says in words what is in which split', () => {
  const split = { train: 48_000, validation: 6000, test: 6000 }
  expect(splitInWords({ split })).toBe('48,000 training, 6,000 validation, 6,000 test')
  expect(splitInWords({ split, deal: { seed: 7, first: 60_000, accept: 'equal-across-splits' } })).toBe(
    '48,000 training, 6,000 validation, 6,000 test; dealt anew from 60,000 images, seed 7; images that are equal across splits kept',
  )
})
