/** What is done to the images: what the person chose, and what follows from the images for the rest. */
import { maxSide } from '../../shared/image-values.ts'
import type { ImageSize, ImportOptions, ImportPlan } from '../../shared/dataset-import.ts'
import { count as inWords, plural } from '../../shared/wording.ts'

/** Where images differ in size, or are too large: the sizes of MNIST and CIFAR. */
const greySide = 28
const colourSide = 32

/** @param sizes of the images as they are; at least one */
export function makePlan(sizes: readonly ImageSize[], options: ImportOptions): ImportPlan {
  const hasColour = sizes.some(({ channels }) => channels >= 3)
  const channels = options.colour === undefined ? commonChannels(sizes, hasColour) : options.colour === 'grey' ? 1 : 3
  const side = channels >= 3 ? colourSide : greySide
  const [{ height, width }] = sizes
  const one = sizes.every((size) => size.height === height && size.width === width)
  const kept = one && height <= maxSide && width <= maxSide
  const size = options.size ?? (kept ? { height, width } : { height: side, width: side })
  return { ...size, channels, fit: options.fit ?? 'crop' }
}

/** Arrays of 2 or 4 channels keep them; images are grey or colour. */
function commonChannels(sizes: readonly ImageSize[], hasColour: boolean): number {
  const [{ channels }] = sizes
  return sizes.every((size) => size.channels === channels) ? channels : hasColour ? 3 : 1
}

const fitWords = { crop: 'the middle cut out', pad: 'whole, with black bars', stretch: 'stretched' } as const

/** How many images a plan changes, and how, in words; null: none. */
export function describePlan(sizes: readonly ImageSize[], plan: ImportPlan): { changed: number; words: string | null } {
  const sum = (which: (size: ImageSize) => boolean) => sizes.filter(which).reduce((total, { count }) => total + count, 0)
  const all = sum(() => true)
  const of = (count: number) => (count === all ? `all ${plural(all, 'image')}` : `${inWords(count)} of ${plural(all, 'image')}`)
  const otherSize = (size: ImageSize) => size.height !== plan.height || size.width !== plan.width
  const otherShape = (size: ImageSize) => size.height * plan.width !== size.width * plan.height
  const resized = sum(otherSize)
  const reshaped = sum(otherShape)
  const greyed = sum(({ channels }) => channels >= 3 && plan.channels < 3)
  const coloured = sum(({ channels }) => channels < 3 && plan.channels >= 3)
  const words: string[] = []
  if (resized > 0)
    words.push(`${of(resized)} resized to ${plan.height} x ${plan.width}${reshaped > 0 ? ` (other shapes: ${fitWords[plan.fit]})` : ''}`)
  if (greyed > 0) words.push(`${of(greyed)} made grey`)
  if (coloured > 0) words.push(`${of(coloured)} given three equal channels`)
  return {
    changed: sum((size) => otherSize(size) || size.channels !== plan.channels),
    words: words.length === 0 ? null : words.join('; '),
  }
}
