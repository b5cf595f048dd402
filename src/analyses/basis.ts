/** What a result stands on: which networks, on which images. Figures are set side by side only where it is the same. */
import { dealtInWords } from '../shared/deal.ts'
import { omitUndefined } from '../shared/omit-undefined.ts'
import { numberCell, percentCell, type ColumnCell } from '../shared/statistics/in-columns.ts'
import { fractionTold, inOne, numberTold, percentTold } from '../shared/statistics/in-words.ts'
import type { Told } from '../shared/statistics/in-words.ts'
import { count, finite, plural } from '../shared/wording.ts'
import type { Figure, ResultRecord } from './analysis.ts'

export interface Basis {
  run: string
  step: number
  /** Hash; null: found while the run trained, between checkpoints. */
  checkpoint: string | null
  networks: { count: number; chosen: 'first' | 'by hand'; seed: number | null }
  /** The first so many of a split, as the run dealt it; null: on none. */
  images: { dataset: string; split: string; count: number; dealt?: NonNullable<ResultRecord['dealt']> } | null
}

/** Of it what words need. */
interface Standing {
  networks: Pick<Basis['networks'], 'count' | 'chosen'>
  images: Pick<NonNullable<Basis['images']>, 'split' | 'count' | 'dealt'> | null
}

export const basisOf = ({
  run,
  step,
  checkpoint,
  seed,
  count: networks,
  networks: chosen,
  dataset,
  split,
  images,
  dealt,
}: ResultRecord): Basis => ({
  ...{ run, step, checkpoint },
  networks: { count: networks, chosen: chosen === null ? 'first' : 'by hand', seed },
  images: dataset === null || split === null || images === null ? null : { dataset, split, count: images, ...omitUndefined({ dealt }) },
})

/** "1,000 validation images"; of a split that is dealt anew, with all that decides which ones: they are no other run's. */
export function imagesInWords({ images }: Pick<Standing, 'images'>): string {
  if (images === null) return 'no images'
  const { dealt } = images
  const words = plural(images.count, `${images.split} image`)
  return dealt === undefined ? words : `${words} ${dealtInWords(dealt)}`
}

/** "100 networks on 1,000 validation images": what figures of several runs must share to be compared. */
export const standsOn = (basis: Standing): string => `${networksOf(basis)}${basis.images === null ? '' : ` on ${imagesInWords(basis)}`}`

const networksOf = ({ networks: { count: networks, chosen } }: Standing): string =>
  plural(networks, chosen === 'first' ? 'network' : 'hand-picked network')

/** "step 800, first 100 networks of seed 1, first 1,000 validation images" */
export function basisInWords(basis: Basis): string {
  const { chosen, seed } = basis.networks
  const which = `${chosen === 'first' ? 'first ' : ''}${networksOf(basis)}`
  const of = seed === null ? '' : ` of seed ${seed}`
  return `step ${count(basis.step)}, ${which}${of}, ${basis.images === null ? 'no images' : `first ${imagesInWords(basis)}`}`
}

type Found = NonNullable<ReturnType<Figure<unknown, unknown>['of']>>

/** A figure and its interval: in per cent where it is a share, as a fraction of 1 in reports; a dash where it is no number. */
export const figureTold = (unit: Figure<unknown, unknown>['unit'], { value, interval, why }: Found, inReport = false): Told =>
  finite(value) === null
    ? { value: '–', within: '' }
    : (unit === 'nats' ? numberTold : inReport ? fractionTold : percentTold)(value, interval, why)

/** The same below others. */
export const figureCell = (unit: Figure<unknown, unknown>['unit'], { value, interval, why }: Found): ColumnCell =>
  finite(value) === null ? '–' : (unit === 'nats' ? numberCell : percentCell)(value, interval, why)

/** The same in one. */
export const figureWithin = (...told: Parameters<typeof figureTold>): string => inOne(figureTold(...told))

/** The same but for whose networks they are: step, number of networks, images and options; null: picked by hand, which says nothing of other runs. */
export const basisAcrossSeeds = ({
  kind,
  step,
  count: networks,
  networks: chosen,
  dataset,
  split,
  images,
  options,
}: ResultRecord): string | null =>
  chosen === null ? JSON.stringify([kind, step, networks, dataset, split, images, Object.entries(options).sort()]) : null

/** As {@link basisInWords}, of several runs: each has networks of its own seed. */
export const basisAcrossSeedsInWords = (basis: Basis): string => basisInWords({ ...basis, networks: { ...basis.networks, seed: null } })
