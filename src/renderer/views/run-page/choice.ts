/** Which networks on which images: what asks of several views have in common. */
import { findAnalysis } from '../../../analyses/registry.ts'
import type { RunDetails } from '../../../shared/contract/runs.ts'
import type { Split } from '../../../shared/split.ts'
import { count as integers } from '../../../shared/wording.ts'

/** Where sampled networks come from. */
export interface Source {
  /** Hash of the checkpoint. */
  checkpoint: string
  seed: number
}

/** The first `images` of a split. */
export interface Images {
  split: Split
  images: number
}

/** Step of a checkpoint; null: it is not kept any more. */
export function stepOf(details: RunDetails, checkpoint: string): number | null {
  return details.checkpoints.find(({ hash, damaged }) => hash === checkpoint && !damaged)?.step ?? null
}

/** Newest checkpoint that can be used; undefined: there is none yet. */
export const newestCheckpoint = (details: RunDetails) =>
  details.checkpoints.filter(({ damaged }) => !damaged).sort((a, b) => b.step - a.step)[0]

/** Where the first `count` networks of a source were tried one by one: on test images first, then on fewest, so that the last are the most that are no test images. */
export function trialsOf(details: RunDetails, { checkpoint, seed }: Source): (Images & { count: number })[] {
  return details.results
    .filter((one) => findAnalysis(one.kind)?.givesProbabilities === true && one.checkpoint === checkpoint && one.seed === seed)
    .sort((a, b) => a.id - b.id)
    .flatMap(({ count, split, images }) => (split === null || images === null ? [] : [{ count, split, images }]))
    .sort((a, b) => Number(b.split === 'test') - Number(a.split === 'test') || a.images - b.images)
}

/** Images on which a network of a source was tried: those preferred where it was, else most, test images last; undefined: on none. */
export function testOf(details: RunDetails, source: Source, index: number, preferred?: Images | null): Images | undefined {
  const trials = trialsOf(details, source).filter(({ count }) => count > index)
  const trial = trials.findLast(({ split, images }) => split === preferred?.split && images === preferred.images) ?? trials.at(-1)
  return trial === undefined ? undefined : { split: trial.split, images: trial.images }
}

/** Sizes of ensembles worth trying, up to all of them: 1, 2, 3, 5, 10, 20, 50, 100, ... */
export function ensembleSizes(networks: number): number[] {
  const sizes: number[] = []
  for (let decade = 1; decade <= networks; decade *= 10) {
    for (const size of decade === 1 ? [1, 2, 3, 5] : [decade, 2 * decade, 5 * decade]) if (size < networks) sizes.push(size)
  }
  return [...sizes, networks]
}

export interface ImagesOption {
  /** `test:10000` */
  value: string
  label: string
  note?: string
}

/** Enough to tell networks apart by, tried in a tenth of the time. */
export const fewImages = 1000

/**
 * Images to try networks on: validation images, which choices are made on, before test images; of each, first those on
 * which enough networks have been tried already, whose results are used again, then all; the training images are left out.
 * @param few validation images that are enough, before the whole splits; fewer than {@link fewImages} before all others, as what asks for so few takes long
 */
export function imagesOptions(details: RunDetails, source: Source, count: number, few?: number): ImagesOption[] {
  const options = new Map<string, ImagesOption>()
  const add = (split: Split, images: number, note?: string) => {
    const value = `${split}:${images}`
    const whole = images === details.run.document.data.split[split]
    const label = `${titles[split]}, ${whole ? 'all' : 'first'} ${integers(images)}`
    if (!options.has(value)) options.set(value, { value, label, ...(note === undefined ? {} : { note }) })
  }
  const { test, validation } = details.run.document.data.split
  const tried = trialsOf(details, source)
    .filter((one) => one.count >= count)
    .toReversed()
  const again = (split: Split) => tried.filter((one) => one.split === split).forEach(({ images }) => add(split, images, 'tried already'))
  const addFew = () => few !== undefined && add('validation', Math.min(few, validation))
  if (few !== undefined && few < fewImages) addFew()
  again('validation')
  addFew()
  add('validation', validation)
  again('test')
  add('test', test, 'for the final figure')
  return [...options.values()]
}

const titles: Record<Split, string> = { train: 'Training', validation: 'Validation', test: 'Test' }

/** The choice behind an option. */
export function imagesOf(value: string): Images {
  const [split, images] = value.split(':')
  return { split: split as Split, images: Number(images) }
}
