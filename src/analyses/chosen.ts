/** Which of a checkpoint's results are told of first, and which of them the final test evaluation asks again on test images. */
import { listed, plural, times } from '../shared/wording.ts'
import type { ResultRecord } from './analysis.ts'
import { basisOf } from './basis.ts'
import { analyses, findAnalysis } from './registry.ts'

/** Whether results of a kind cannot do without images: they say how good networks are. */
const measures = (kind: string): boolean => {
  const images = findAnalysis(kind)?.images
  return images !== undefined && images !== null && images.without === undefined
}

const imagesOf = (one: ResultRecord): string => JSON.stringify(basisOf(one).images)
export const sameImages = (a: ResultRecord, b: ResultRecord): boolean => imagesOf(a) === imagesOf(b)

/** One of the results on the images on which most kinds were measured, so that their figures may stand in one row; among several test images, then most. */
export function commonImages<T extends ResultRecord>(results: readonly T[]): T | undefined {
  const measured = results.filter(({ kind }) => measures(kind))
  const groups = [...new Set(measured.map(imagesOf))].map((images) => measured.filter((one) => imagesOf(one) === images))
  const weight = (group: readonly T[]) => [
    new Set(group.map(({ kind }) => kind)).size,
    Number(group[0].split === 'test'),
    group[0].images ?? 0,
  ]
  const by = (a: number[], b: number[]): number => a.map((value, at) => value - b[at]).find((difference) => difference !== 0) ?? 0
  return groups.toSorted((a, b) => by(weight(a), weight(b))).at(-1)?.[0]
}

/** One of each kind and variant, on the same images where there is one: the one that says most, as the kind has it, or the newest. */
export function chosenOf<T extends ResultRecord>(results: readonly T[]): T[] {
  const common = commonImages(results)
  const inCommon = (one: T): number => Number(common !== undefined && measures(one.kind) && sameImages(one, common))
  return analyses.flatMap((analysis) => {
    const sorted = results
      .filter(({ kind }) => kind === analysis.kind)
      .toSorted((a, b) => inCommon(a) - inCommon(b) || (analysis.compare?.(a, b) ?? 0))
    return [...new Map(sorted.map((one) => [analysis.variant?.(one), one])).values()]
  })
}

/** Results on validation images, the newest last, of the checkpoint of the newest of them or of a step. */
function onValidation<T extends ResultRecord>(results: readonly T[], at?: number): T[] {
  const found = results.filter(({ kind, split, step }) => measures(kind) && split === 'validation' && (at === undefined || step === at))
  const sorted = found.toSorted((a, b) => a.createdAt - b.createdAt)
  return sorted.filter(({ checkpoint }) => checkpoint === sorted.at(-1)?.checkpoint)
}

/** What was chosen on validation images: of each kind the one that says most. Their networks and options are those of the final test evaluation. */
export const chosenOnValidation = <T extends ResultRecord>(results: readonly T[], at?: number): T[] => chosenOf(onValidation(results, at))

/** A result on all test images of the same networks with the same options, where there is one. */
export function onTest<T extends ResultRecord>(results: readonly T[], chosen: T, testImages: number): T | undefined {
  const asked = ({ kind, checkpoint, seed, count: networks, networks: picked, dataset, options }: T) =>
    JSON.stringify([kind, checkpoint, seed, networks, picked, dataset, Object.entries(withDefaults(kind, options)).toSorted()])
  return results.findLast((one) => one.split === 'test' && one.images === testImages && asked(one) === asked(chosen))
}

/** Older results lack options that came later, and are as these are without being asked. */
function withDefaults(kind: string, options: object): object {
  const read = findAnalysis(kind)?.options.safeParse(options)
  return read?.success === true ? read.data : options
}

/** How often test images were looked at, whatever the checkpoint: each result on them is a look that later choices may rest on. */
export function looksAtTest(results: readonly ResultRecord[]): string {
  const kinds = analyses.flatMap(({ kind, title }) => {
    const found = results.filter((one) => one.kind === kind && one.split === 'test').length
    return found === 0 ? [] : [plural(found, title.toLowerCase())]
  })
  if (kinds.length === 0) return 'The test images were not looked at yet: all is of images on which choices may have been made.'
  const all = results.filter(({ split }) => split === 'test').length
  return `The test images of this run were looked at ${times(all)}: by ${listed(kinds)}.`
}
