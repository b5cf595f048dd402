/** What may speak against a split, and what a person says to it. */
import { z } from 'zod'
import { splitNames, splitRange, splits, type Split, type SplitSizes } from './split.ts'
import { plural } from './wording.ts'

/** Images that are equal are on both sides. */
export const equalAcrossSplits = 'equal-across-splits'
/** A class is judged and not learned. */
export const untrainedClass = 'untrained-class'

export const splitDoubtCodeSchema = z.enum([equalAcrossSplits, untrainedClass])
export type SplitDoubtCode = z.infer<typeof splitDoubtCodeSchema>

/** What speaks against a split, for a person to take as it is or to choose another. */
export const splitDoubtSchema = z.object({ code: splitDoubtCodeSchema, message: z.string() })
export type SplitDoubt = z.infer<typeof splitDoubtSchema>

/** The answer that takes the split as it is, as a sentence, and what is said of the split then. */
export const splitAnswers: Readonly<Record<SplitDoubtCode, { words: string; said: string }>> = {
  [equalAcrossSplits]: { words: 'Keep them all.', said: 'images that are equal across splits kept' },
  [untrainedClass]: { words: 'They are to be unknown to the networks.', said: 'classes without a training image kept' },
}

/** What was accepted, as a document says it: one code, or a list of several. */
export const acceptedSchema = z.xor([splitDoubtCodeSchema, z.array(splitDoubtCodeSchema).min(2)])
export type Accepted = z.infer<typeof acceptedSchema>

export const acceptedCodes = (accepted: Accepted | undefined): readonly SplitDoubtCode[] =>
  accepted === undefined ? [] : typeof accepted === 'string' ? [accepted] : accepted

/** The same codes are always the same words of a document; null: none. */
export function acceptedOf(codes: readonly SplitDoubtCode[]): Accepted | null {
  const given = splitDoubtCodeSchema.options.filter((code) => codes.includes(code))
  return given.length > 1 ? given : (given[0] ?? null)
}

/** Of each part, how many images each class has there. */
export type ClassCounts = Readonly<Record<Split, Uint32Array>>

/**
 * @param labels in their files' order
 * @param order places of a split's images among them; null: as they lie
 */
export function countClasses(labels: Uint8Array, classes: number, order: Uint32Array | null, split: SplitSizes): ClassCounts {
  const counts: ClassCounts = { train: new Uint32Array(classes), validation: new Uint32Array(classes), test: new Uint32Array(classes) }
  for (const part of splits) {
    const { from, count } = splitRange(split, part)
    for (let place = from; place < from + count; place++) counts[part][labels[order?.[place] ?? place]]++
  }
  return counts
}

/** Classes that no network can learn: as where a folder is called otherwise among the test images, or a class has few images. */
export function untrainedClasses(names: readonly string[], counts: ClassCounts): string[] {
  return names.filter((_, at) => counts.train[at] === 0 && counts.validation[at] + counts.test[at] > 0)
}

/** Null: there is none. */
export function untrainedInWords(names: readonly string[], counts: ClassCounts): string | null {
  const untrained = untrainedClasses(names, counts)
  if (untrained.length === 0) return null
  const images = names.reduce((sum, _, at) => sum + (counts.train[at] === 0 ? counts.validation[at] + counts.test[at] : 0), 0)
  return `${untrained.length} of ${plural(names.length, 'class', 'classes')} ${untrained.length === 1 ? 'has' : 'have'} no image for training, and ${images} for validation or test, of which no network could learn: ${listed(untrained)}.`
}

/** Of validation and test, a sentence each where a class that is learned has no image there. */
export function unjudgedInWords(names: readonly string[], counts: ClassCounts): string[] {
  return (['validation', 'test'] as const).flatMap((part) => {
    const missing = names.filter((_, at) => counts.train[at] > 0 && counts[part][at] === 0)
    if (missing.length === 0 || counts[part].every((count) => count === 0)) return []
    const which = missing.length === 1 ? 'the class' : `${missing.length} of ${names.length} classes,`
    return [
      `No ${splitNames[part]} image is of ${which} ${listed(missing)}: figures on ${splitNames[part]} images say nothing of ${missing.length === 1 ? 'it' : 'them'}.`,
    ]
  })
}

/** Names, the first of many. */
export function listed(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')}, and ${names.length - 8} more` : names.join(', ')
}
