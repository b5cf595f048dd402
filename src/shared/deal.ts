/** A split of a run's own: the data set's first images are brought into another order before its counts part them. */
import { z } from 'zod'
import { seedSchema } from './seeds.ts'
import { shuffledOrder } from './shuffle.ts'
import { splitNames, splitRange, splits, type SplitSizes } from './split.ts'
import { acceptedCodes, acceptedSchema, splitAnswers } from './split-doubts.ts'
import { count, plural } from './wording.ts'

export const dealSchema = z
  .strictObject({
    seed: seedSchema.meta({
      title: 'Seed of the split',
      description: 'Decides the order in which images are dealt to training, validation and test.',
    }),
    first: z.int().positive().meta({
      title: 'Images dealt anew',
      unit: 'images',
      description: 'So many of the data set’s first images are dealt; those behind them stay as they were imported: they test.',
    }),
    accept: acceptedSchema.exactOptional().meta({
      title: 'What is accepted of the split',
      description:
        'Said by a person: images that are equal may be both for training and for validation or test; classes may have images for these and none for training.',
    }),
  })
  .meta({ title: 'Split dealt anew', description: 'The first images are shuffled before the split counts them.' })
export type Deal = z.infer<typeof dealSchema>

/**
 * Places in the data set of a run's images, in the run's order; null: as they lie.
 * @param count images of the data set; all are in the order, those that no split counts last
 */
export function dealtOrder({ split, deal }: { split?: SplitSizes; deal?: Deal }, count: number): Uint32Array | null {
  if (deal === undefined || split === undefined) return null
  const dealt = shuffledOrder(deal.first, deal.seed)
  const cut = split.train + split.validation
  const order = Uint32Array.from({ length: count }, (_, i) => deal.first + i - cut)
  order.set(dealt.subarray(0, cut))
  order.set(dealt.subarray(cut), cut + count - deal.first)
  return order
}

/** Images for validation and for test that are equal to one for training, and the place of the first; null: there is none. */
export interface Leaks {
  validation: number
  test: number
  first: number | null
}

/** @param firstEqual of each image in the data set's order, the first that is equal to it @param order null: as they lie */
export function leaksOf(firstEqual: Uint32Array, order: Uint32Array | null, split: SplitSizes): Leaks {
  const at = (place: number): number => order?.[place] ?? place
  const trained = new Set<number>()
  for (let place = 0; place < split.train; place++) trained.add(firstEqual[at(place)])
  const leaks: Leaks = { validation: 0, test: 0, first: null }
  for (const part of ['validation', 'test'] as const) {
    const { from, count } = splitRange(split, part)
    for (let place = from; place < from + count; place++) {
      if (!trained.has(firstEqual[at(place)])) continue
      leaks[part]++
      leaks.first ??= at(place)
    }
  }
  return leaks
}

/** @param example what the first is called */
export function leaksInWords(leaks: Leaks, split: SplitSizes, example: string): string {
  const parts = (['validation', 'test'] as const)
    .filter((part) => leaks[part] > 0)
    .map((part) => `${leaks[part]} of ${split[part]} ${part}`)
  const are = leaks.validation + leaks.test === 1 ? 'is' : 'are'
  return `${parts.join(' and ')} images ${are} also among those for training, to the last pixel (${example}): accuracies on them would flatter.`
}

const dealInWords = ({ first, seed }: Deal): string => `dealt anew from ${plural(first, 'image')}, seed ${seed}`

/** "of 48,000 + 6,000 + 6,000 dealt anew from 60,000 images, seed 7": all that decides which images are in which split. */
export const dealtInWords = ({ split, deal }: { split: SplitSizes; deal: Deal }): string =>
  `of ${splits.map((part) => count(split[part])).join(' + ')} ${dealInWords(deal)}`

/** "800 training, 100 validation, 100 test", and how they were dealt. */
export function splitInWords({ split, deal }: { split: SplitSizes; deal?: Deal }): string {
  const parts = splits.map((part) => `${count(split[part])} ${splitNames[part]}`)
  const kept = acceptedCodes(deal?.accept).map((code) => splitAnswers[code].said)
  return [parts.join(', '), ...(deal === undefined ? [] : [dealInWords(deal)]), ...kept].join('; ')
}
