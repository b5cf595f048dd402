/** Doubts that readers raise, and the answers to them. */
import type { Doubt, DoubtCode, ImportOptions } from '../../shared/import-options.ts'
import { plural } from '../../shared/wording.ts'

/** Classes that an answer may name. */
const mostNamed = 100
/** From so large a share of images on, what is left out may be what was meant. */
const unusedShare = 0.1

/** A doubt that can only be answered by taking the files as they were read. */
export function acceptable(code: DoubtCode, message: string, words: string): Doubt {
  return { code, message, choices: [accepting(code, words)] }
}

/** The answer that takes the files as they were read. */
export function accepting(code: DoubtCode, words: string): Doubt['choices'][number] {
  return { words, options: { accept: [code] } }
}

/** What is not answered yet. */
export function unanswered(doubts: readonly Doubt[], { accept = [] }: ImportOptions): Doubt[] {
  return doubts.filter(({ code }) => !accept.includes(code))
}

/** The answer that leaves the images of some classes out, where two others are left. */
export function leavingOut(some: readonly string[], names: readonly string[]): Doubt['choices'] {
  if (some.length > mostNamed || names.length - some.length < 2) return []
  return [{ words: 'Leave these images out.', options: { missing: [...some] } }]
}

/** For readers that leave images out. @param left how many, of `all` @param what they are, in words, with an example */
export function unusedDoubt(left: number, all: number, what: string): Doubt[] {
  if (left < unusedShare * all) return []
  return [acceptable('unused-images', `${left} of ${plural(all, 'image')} would not be part of the data set: ${what}.`, 'Leave them out.')]
}
