import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shuffledOrder } from '../../shared/shuffle.ts'
import { onceEach, splitDataset } from './split-dataset.ts'
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

describe('images are shuffled', () => {
  /** Classes 0, 1, 2 in turn, but for the last hundred, among which there is no 2. */
  const tailless = Uint8Array.from({ length: 1200 }, (_, i) => (i < 1100 ? i % 3 : i % 2))
  /** Ten of a class, and ten of the next: sorted, though any hundred are mixed. */
  const inTens = Uint8Array.from({ length: 1200 }, (_, i) => Math.floor(i / 10) % 3)
  const shuffled = (labels: Uint8Array, presplit: SplitSizes, wanted?: SplitSizes) => {
    const { order, words, split } = splitDataset(labels, presplit, wanted)
    return { order, words, split, named: /^the (.*) (?:was|were) shuffled/.exec(words ?? '')?.[1] ?? null }
  }

  it('wherever test images are cut off, into the fixed order', () => {
    const { order, split, words } = shuffled(mixed(100), { train: 100, validation: 0, test: 0 })
    expect(split).toEqual({ train: 80, validation: 10, test: 10 })
    expect(order).toEqual(shuffledOrder(100, 1))
    expect(words).toBe('the 100 training images were shuffled (Fisher-Yates, mulberry32, seed 1)')
  })

  it.each([
    ['none where the order is mixed', mixed(1200), null],
    ['those that are sorted', inTens, '1200 training images'],
    ['those whose end lacks a class', tailless, '1200 training images'],
  ])('before validation images are cut off: %s', (_, labels, named) => {
    const all = Uint8Array.from([...labels, ...mixed(30)])
    const made = shuffled(all, { train: 1200, validation: 0, test: 30 })
    expect(made.split).toEqual({ train: 1100, validation: 100, test: 30 })
    expect(made.named).toBe(named)
    if (named !== null) expect(made.order!.slice(0, 1200)).toEqual(shuffledOrder(1200, 1))
  })

  it('but not those for training from which none are cut off', () => {
    const all = Uint8Array.from([...inTens, ...mixed(30), ...mixed(30)])
    const presplit = { train: 1200, validation: 30, test: 30 }
    expect(shuffled(all, presplit)).toMatchObject({ order: null, words: null })
    const fewer = shuffled(all, presplit, { ...presplit, train: 600 })
    expect(fewer.named).toBe('1200 training images')
    expect(fewer.order!.slice(0, 600)).toEqual(shuffledOrder(1200, 1).slice(0, 600))
  })

  it.each([
    ['none are left out', tailless, 1200, null],
    ['mixed ones are', mixed(1200), 1100, null],
    ['those of the end, where a class is missing, are', tailless, 1100, '1200 validation images'],
  ])('that came apart for validation where %s', (_, labels, wanted, named) => {
    const all = Uint8Array.from([...mixed(60), ...labels, ...mixed(30)])
    const made = shuffled(all, { train: 60, validation: 1200, test: 30 }, { train: 60, validation: wanted, test: 30 })
    expect(made.named).toBe(named)
    const own = named === null ? Uint32Array.from({ length: wanted }, (_unused, i) => i) : shuffledOrder(1200, 1).slice(0, wanted)
    const order = made.order ?? Uint32Array.from(all.keys())
    expect(order.slice(60, 60 + wanted)).toEqual(own.map((place) => 60 + place))
  })

  /** By what is done to validation images that came apart. */
  const isTaken = (validation: readonly number[], wanted = validation.length): boolean => {
    const all = Uint8Array.from([...mixed(60), ...validation, ...mixed(30)])
    return shuffled(all, { train: 60, validation: validation.length, test: 30 }, { train: 60, validation: wanted, test: 30 }).named !== null
  }

  it('as sorted where less than half of the changes of class are there that chance would bring', () => {
    // Of 2 m images, m of each class, chance brings m changes.
    expect(isTaken([0, 0, 0, 0, 1, 1, 1, 1])).toBe(true)
    expect(isTaken([0, 0, 1, 1, 1, 1, 0, 0])).toBe(false)
    expect(isTaken([0, 0, 0, 1, 1, 1])).toBe(true)
    expect(isTaken([0, 0, 1, 1, 1, 0])).toBe(false)
    for (const alike of [[0], [0, 0, 0, 0]]) expect(isTaken([...alike])).toBe(false)
  })

  it('as unmixed where a class is too rare or too frequent at the end: by more than half, and by more than chance would have it', () => {
    const evenly = (count: number, ofFirst: number): number[] =>
      Array.from({ length: count }, (_, i) => (Math.floor(((i + 1) * ofFirst) / count) > Math.floor((i * ofFirst) / count) ? 0 : 1))
    /** `count` images, half of each class, of whose last `tail` so many are of class 0. */
    const ending = (count: number, tail: number, ofFirst: number): boolean =>
      isTaken([...evenly(count - tail, count / 2 - ofFirst), ...evenly(tail, ofFirst)], count - tail)
    // 50 expected: more than 25 off. 9 expected: more than 9 off. 16 expected: more than 12 off.
    for (const [count, tail, within, outside] of [
      [1000, 100, 75, 76],
      [1000, 100, 25, 24],
      [180, 18, 18, null],
      [320, 32, 28, 29],
      [320, 32, 4, 3],
    ] as const) {
      expect(ending(count, tail, within)).toBe(false)
      if (outside !== null) expect(ending(count, tail, outside)).toBe(true)
    }
  })
})

describe('what a split is suggested to be', () => {
  const suggested = (train: number, validation: number, test: number) =>
    splitDataset(mixed(train + validation + test), { train, validation, test }).split

  it('takes a twelfth for validation, a tenth for test, and leaves what came apart', () => {
    expect(suggested(1000, 0, 100)).toEqual({ train: 917, validation: 83, test: 100 })
    expect(suggested(100, 0, 0)).toEqual({ train: 80, validation: 10, test: 10 })
    expect(suggested(100, 7, 0)).toEqual({ train: 90, validation: 7, test: 10 })
    expect(suggested(100, 7, 9)).toEqual({ train: 100, validation: 7, test: 9 })
    expect(suggested(70_000, 0, 10)).toEqual({ train: 65_000, validation: 5000, test: 10 })
  })

  it('takes one image at least, and leaves one', () => {
    expect(suggested(5, 0, 1)).toEqual({ train: 4, validation: 1, test: 1 })
    expect(suggested(3, 0, 0)).toEqual({ train: 1, validation: 1, test: 1 })
    expect(() => suggested(2, 0, 0)).toThrow('There are only 2 training images: too few to set some aside for validation.')
    expect(() => suggested(1, 0, 4)).toThrow('There is only 1 training image: too few to set some aside for validation.')
  })
})

it('a split that asks for too much hears what there is', () => {
  const ask = (presplit: SplitSizes, wanted: SplitSizes) => () =>
    splitDataset(mixed(presplit.train + presplit.validation + presplit.test), presplit, wanted)
  expect(ask({ train: 100, validation: 0, test: 10 }, { train: 99, validation: 2, test: 10 })).toThrow(
    'The split asks for 99 images for training, 2 for validation and 10 for test, but there are 100 for training, 10 for test.',
  )
  expect(ask({ train: 9, validation: 8, test: 0 }, { train: 9, validation: 9, test: 0 })).toThrow(
    'but there are 9 for training, 8 for validation.',
  )
})

it('a split without validation is refused', () => {
  expect(() => splitDataset(mixed(60), { train: 60, validation: 0, test: 0 }, { train: 50, validation: 0, test: 10 })).toThrow(
    'The split has no image for validation.',
  )
})

it('images that are left out are counted, and the order is kept though it is that of the files', () => {
  const presplit = { train: 40, validation: 12, test: 8 }
  const { order, words } = splitDataset(mixed(60), presplit, { ...presplit, test: 7 })
  expect([...order!]).toEqual([...Array(59).keys()])
  expect(words).toBe('1 image that the split does not ask for was left out')
})

it('of equal images the one for test stays, then the one for validation, and what is left out is said', () => {
  const dealt = { order: null, split: { train: 4, validation: 2, test: 2 }, words: null }
  // Images 1, 5 and 6 are equal, and so are 3 and 4.
  const once = onceEach(dealt, Uint32Array.of(0, 1, 2, 3, 3, 1, 1, 7))
  expect(once).toEqual({
    order: Uint32Array.of(0, 2, 4, 6, 7),
    split: { train: 2, validation: 1, test: 2 },
    words: '3 images equal to another were left out',
  })
  expect(
    onceEach(
      dealt,
      Uint32Array.from({ length: 8 }, (_, i) => i),
    ),
  ).toEqual(dealt)
})
