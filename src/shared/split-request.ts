/** The split of a run as a person asks for it, and what it comes to for a data set. */
import { z } from 'zod'
import { LabError } from './errors.ts'
import type { Data } from './experiment.ts'
import { seedSchema } from './seeds.ts'
import { shuffleSeed } from './shuffle.ts'
import { acceptedCodes, acceptedOf, splitDoubtCodeSchema } from './split-doubts.ts'
import type { SplitSizes } from './split.ts'
import { count, plural } from './wording.ts'

/** Which images are dealt anew: none, those that came for training and validation, or all. */
export const splitFromSchema = z.enum(['imported', 'training', 'all'])
export type SplitFrom = z.infer<typeof splitFromSchema>

/** Images, or below 1 a share of those that they are taken from. */
export const splitSizeSchema = z.number().refine((value) => value >= 0 && (value < 1 || Number.isSafeInteger(value)))
export const splitRequestSchema = z.strictObject({
  /** Left out: `training`. */
  from: splitFromSchema.exactOptional(),
  /** Left out: all that the others leave. */
  train: splitSizeSchema.exactOptional(),
  /** Left out, as `test`: as many as were imported for it. */
  validation: splitSizeSchema.exactOptional(),
  test: splitSizeSchema.exactOptional(),
  seed: seedSchema.exactOptional(),
  accept: z.array(splitDoubtCodeSchema).max(10).exactOptional(),
})
export type SplitRequest = z.infer<typeof splitRequestSchema>

interface Facts {
  name: string
  count: number
  /** As it was imported. */
  split: SplitSizes
}

/**
 * Counts and deal of a document.
 * @param data what the document has so far: an answer alone is added to it
 * @throws LabError `invalid-argument` where there are too few images
 */
export function settleSplit({ accept = [], ...asked }: SplitRequest, facts: Facts, data: Data): Pick<Data, 'split' | 'deal'> {
  const same = Object.keys(asked).length === 0 && data.deal !== undefined
  const codes = acceptedOf([...accept, ...(same ? acceptedCodes(data.deal?.accept) : [])])
  const accepted = codes === null ? {} : { accept: codes }
  if (same) return { split: data.split, deal: { ...data.deal!, ...accepted } }
  const { from = Object.keys(asked).length === 0 ? 'imported' : 'training', seed = shuffleSeed, ...sizes } = asked
  if (from !== 'imported') {
    const first = from === 'all' ? facts.count : facts.split.train + facts.split.validation
    return { split: sizesOf(sizes, first, facts), deal: { seed, first, ...accepted } }
  }
  if (Object.keys(asked).length > 1 || accept.length > 0)
    throw refused(
      'A split as it was imported has its own sizes, no seed, and nothing to accept.',
      'Deal images anew, from training or all.',
    )
  return { split: { ...facts.split } }
}

/** @param first images that are dealt: where these are not all, those behind them test */
function sizesOf({ train, validation, test }: Partial<SplitSizes>, first: number, { name, split, count: all }: Facts): SplitSizes {
  const testPool = first < all ? all - first : first
  if (first < all && test !== undefined && test % 1 > 0)
    throw refused(
      'Test images stay as they were imported: a share of the others for test is no part of them.',
      'Leave test out, or deal all images.',
    )
  const validating = validation === undefined ? split.validation : inImages(validation, first)
  const testing = test === undefined ? split.test : inImages(test, testPool)
  const rest = first - validating - (first < all ? 0 : testing)
  const training = train === undefined ? rest : inImages(train, first)
  if (training >= 1 && training <= rest && validating >= 1 && testing <= testPool)
    return { train: training, validation: validating, test: testing }
  const apart = first < all ? ` for training and validation, and ${count(testPool)} for test` : ''
  throw refused(
    `The split asks for ${count(Math.max(0, training))} training, ${count(validating)} validation and ${plural(testing, 'test image')}. "${name}" has ${count(first)}${apart}; at least one must train, and one validate.`,
    'Choose other sizes.',
  )
}

/** Rounded down, so that shares of 1 together are never more than there are. */
const inImages = (size: number, pool: number): number => (size < 1 ? Math.floor(size * pool + 1e-9) : size)

const refused = (message: string, remedy: string): LabError =>
  new LabError('invalid-argument', message, remedy, { settings: { 'data.split': null } })

/** @param key of the setting that says it, too */
export const splitSetTwice = (key: string): LabError => refused(`The split is chosen twice: ${key} is set as well.`, 'Say it one way.')
