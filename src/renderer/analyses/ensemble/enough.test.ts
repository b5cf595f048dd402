import { describe, expect, it } from 'vitest'
import { enough, enoughInWords } from './enough.ts'

const votes = (share: number) => ({ majority: share, meanProbability: share, mostConfident: share })
/** @param differ share of images on which an ensemble and all differ, beyond those that their accuracies tell apart */
function size(size: number, accuracy: number, all: number, differ: number) {
  const withAll = (accuracy + all - Math.abs(all - accuracy) - differ) / 2
  const overImages = { square: votes(accuracy), withAll: votes(withAll), all: votes(all) }
  return { size, draws: 10, ...votes(accuracy), low: votes(accuracy), high: votes(accuracy), overImages }
}
const result = (images: number, sizes: [number, number][], differ = 0) => {
  const [n, all] = sizes.at(-1)!
  return { n, images, sizes: sizes.map(([one, accuracy]) => size(one, accuracy, all, one === n ? 0 : differ)) }
}
const curve: [number, number][] = [
  [1, 0.95],
  [5, 0.979],
  [10, 0.9848],
  [50, 0.985],
  [100, 0.985],
]
/** Numbers keep their sign by a space that does not break. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describe('which size is enough', () => {
  it('is said where the paired interval lies within 0.1 points', () => {
    const tried = result(10_000, curve)
    expect(enough(tried)?.size).toBe(10)
    expect(plain(enoughInWords(tried))).toBe(
      '10 networks are enough: their mean vote is within 0.1 percentage points of all. 10 networks against all 100, on the same 10,000 images: \u22120.020 points [\u22120.054, +0.014]. The size was chosen on these same images.',
    )
    expect(enough({ ...tried, sizes: tried.sizes.toReversed() })?.size).toBe(10)
  })

  it('is not said of one image in a thousand: but how many images would tell', () => {
    const tried = result(1000, curve, 0.004)
    expect(enough(tried)).toBeUndefined()
    expect(enoughInWords(tried)).toMatch(/^Too few images to tell/)
    expect(enoughInWords(tried)).toMatch(/About 25,000 images would be needed\.$/)
    // Whatever is to be said of the other votes.
    const others = { majority: 0.4, mostConfident: 0.3 }
    const apart = tried.sizes.map((one) => ({ ...one, ...others, overImages: { ...one.overImages, all: { ...one.overImages.all, ...others } } })) // prettier-ignore
    expect(enoughInWords({ ...tried, sizes: apart })).toBe(enoughInWords(tried))
  })

  it('says where no smaller size seems to be', () => {
    expect(
      enoughInWords(
        result(1000, [
          [1, 0.9],
          [10, 0.94],
        ]),
      ),
    ).toMatch(/^No smaller size that was tried is enough/)
  })

  it('says what is missing where there is nothing to compare', () => {
    expect(enoughInWords(result(1000, [[1, 0.9]]))).toMatch(/an ensemble needs more/)
    expect(enoughInWords(result(1000, [[8, 0.9]]))).toMatch(/^Only all 8/)
    expect(enoughInWords({ n: 0, images: 1, sizes: [] })).toBe('Nothing was tried.')
    const old = result(1000, curve)
    expect(enoughInWords({ ...old, sizes: old.sizes.map(({ overImages: _overImages, ...one }) => one) })).toContain('made before')
  })
})
