import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitDataset } from './split-dataset.ts'
import type { SplitSizes } from '../../shared/split.ts'

/** Labels 0, 1, 2, 0, ...: mixed. */
const mixed = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => i % 3)
/** Labels 0, 0, ..., 1, ..., 2: as folders list them. */
const sorted = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => Math.floor((3 * i) / count))

/** Where each image came from, in the new order. */
function places(
  labels: Uint8Array,
  presplit: SplitSizes,
  wanted?: SplitSizes,
): { train: number[]; validation: number[]; test: number[]; words: string | null } {
  const { order, split, words } = splitDataset(labels, presplit, wanted)
  const all = order === null ? [...labels.keys()] : Array.from(order)
  return {
    train: all.slice(0, split.train),
    validation: all.slice(split.train, split.train + split.validation),
    test: all.slice(split.train + split.validation),
    words,
  }
}

const between = (numbers: number[], from: number, to: number): boolean => numbers.every((number) => number >= from && number < to)

describe('images that came apart stay apart', () => {
  it('all three', () => {
    const { train, validation, test, words } = places(mixed(60), { train: 40, validation: 12, test: 8 })
    expect([train.length, validation.length, test.length]).toEqual([40, 12, 8])
    expect(train.concat(validation, test)).toEqual([...Array(60).keys()])
    expect(words).toBeNull()
  })

  it('validation without test: test images are cut from those for training, and come last', () => {
    const { train, validation, test } = places(mixed(112), { train: 100, validation: 12, test: 0 })
    expect([train.length, validation.length, test.length]).toEqual([90, 12, 10])
    expect(between(train, 0, 100)).toBe(true)
    expect(validation).toEqual([...Array(12).keys()].map((i) => 100 + i))
    expect(between(test, 0, 100)).toBe(true)
  })

  it('test without validation: as MNIST, in its own order', () => {
    const { train, validation, test, words } = places(mixed(132), { train: 120, validation: 0, test: 12 })
    expect(train.concat(validation, test)).toEqual([...Array(132).keys()])
    expect([train.length, validation.length, test.length]).toEqual([110, 10, 12])
    expect(words).toBeNull()
  })

  it('sorted validation and test images are mixed: evaluations may look at the first so many', () => {
    const labels = Uint8Array.from([...sorted(60), ...sorted(30), ...sorted(30)])
    const { validation, test, words } = places(labels, { train: 60, validation: 30, test: 30 })
    for (const split of [validation, test]) expect(new Set(split.slice(0, 10).map((place) => labels[place])).size).toBe(3)
    expect(between(validation, 60, 90) && between(test, 90, 120)).toBe(true)
    expect(words).toMatch(/the 30 validation images and the 30 test images were shuffled/)
  })
})

describe('a split that is chosen', () => {
  it('takes each part from where it came', () => {
    const { train, validation, test, words } = places(
      mixed(132),
      { train: 120, validation: 0, test: 12 },
      { train: 50, validation: 20, test: 5 },
    )
    expect([train.length, validation.length, test.length]).toEqual([50, 20, 5])
    expect(between([...train, ...validation], 0, 120) && between(test, 120, 132)).toBe(true)
    expect(words).toMatch(/57 images that the split does not ask for were left out/)
  })

  it.each<[SplitSizes, SplitSizes]>([
    [
      { train: 100, validation: 0, test: 0 },
      { train: 90, validation: 10, test: 1 },
    ],
    [
      { train: 100, validation: 10, test: 10 },
      { train: 90, validation: 11, test: 10 },
    ],
    [
      { train: 100, validation: 10, test: 10 },
      { train: 90, validation: 10, test: 11 },
    ],
    [
      { train: 100, validation: 0, test: 10 },
      { train: 99, validation: 2, test: 10 },
    ],
  ])('of %o cannot be %o', (presplit, wanted) => {
    expect(() => splitDataset(mixed(presplit.train + presplit.validation + presplit.test), presplit, wanted)).toThrow(
      /The split asks for .* but there are/,
    )
  })

  it('may leave no test images', () => {
    expect(places(mixed(30), { train: 30, validation: 0, test: 0 }, { train: 20, validation: 10, test: 0 }).test).toEqual([])
  })
})

it('nobody is dealt twice, and parts never mix', () => {
  const split = fc.nat({ max: 60 })
  fc.assert(
    fc.property(fc.integer({ min: 4, max: 200 }), split, split, fc.boolean(), (train, validation, test, isSorted) => {
      const presplit = { train, validation, test }
      const count = train + validation + test
      const dealtSplit = places(isSorted ? sorted(count) : mixed(count), presplit)
      const all = [...dealtSplit.train, ...dealtSplit.validation, ...dealtSplit.test]
      expect(all.toSorted((a, b) => a - b)).toEqual([...Array(count).keys()])
      expect(between(dealtSplit.train, 0, train)).toBe(true)
      expect(validation === 0 || between(dealtSplit.validation, train, train + validation)).toBe(true)
      expect(test === 0 || between(dealtSplit.test, train + validation, count)).toBe(true)
      expect(Math.min(dealtSplit.train.length, dealtSplit.validation.length, dealtSplit.test.length)).toBeGreaterThan(0)
      // The same again, always.
      expect(places(isSorted ? sorted(count) : mixed(count), presplit)).toEqual(dealtSplit)
    }),
  )
})

it('too few images to part are an error', () => {
  for (const train of [1, 2])
    expect(() => splitDataset(mixed(train), { train, validation: 0, test: 0 })).toThrow(/too few to set some aside/)
})
