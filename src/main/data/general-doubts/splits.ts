/** What splits do to images and classes: equal images across them, classes that are judged and not learned. */
import { leaksInWords, leaksOf } from '../../../shared/deal.ts'
import type { Doubt } from '../../../shared/import-options.ts'
import {
  countClasses,
  equalAcrossSplits,
  listed,
  splitAnswers,
  untrainedClass,
  untrainedClasses,
  untrainedInWords,
  type ClassCounts,
} from '../../../shared/split-doubts.ts'
import { splits } from '../../../shared/split.ts'
import { plural } from '../../../shared/wording.ts'
import { acceptable, accepting, leavingOut } from '../doubts.ts'
import type { ImageBuffer } from '../image-buffer.ts'
import type { DatasetSplit } from '../split-dataset.ts'
import { areAlmostAlike } from './class-names.ts'

/** Images that are equal across splits once these are dealt, and across classes. */
export function equalDoubts({ firstEqual, labels, names, duplicates }: ImageBuffer, { order, split }: DatasetSplit): Doubt[] {
  const doubts: Doubt[] = []
  const leaks = leaksOf(firstEqual, order, split)
  const kept = order === null ? firstEqual : order.map((place) => firstEqual[place])
  const again = kept.length - new Set(kept).size
  if (leaks.first !== null)
    doubts.push({
      code: equalAcrossSplits,
      message: leaksInWords(leaks, split, names[leaks.first]),
      choices: [
        { words: 'Keep each image once, in test before validation before training.', options: { equal: 'once' } },
        accepting(equalAcrossSplits, splitAnswers[equalAcrossSplits].words),
      ],
    })
  // A folder within itself, or an archive unpacked twice.
  else if (2 * again >= kept.length)
    doubts.push({
      code: 'equal-images',
      message: `${again} of ${plural(kept.length, 'image')} are equal to an earlier one (${duplicates.examples[0][1]} is ${duplicates.examples[0][0]}): the same files may be there twice.`,
      choices: [{ words: 'Keep each image once.', options: { equal: 'once' } }, accepting('equal-images', 'Keep them all.')],
    })
  if (duplicates.acrossClasses > 0)
    doubts.push(
      acceptable(
        'equal-across-classes',
        `${duplicates.acrossClasses} of ${plural(labels.length, 'image')} are equal to an image of another class.`,
        'Keep them all.',
      ),
    )
  return doubts
}

/** Classes that are judged and not learned. */
export function untrainedDoubt(names: readonly string[], labels: Uint8Array, { order, split }: DatasetSplit): Doubt[] {
  const counts = countClasses(labels, names.length, order, split)
  const message = untrainedInWords(names, counts)
  if (message === null) return []
  const untrained = untrainedClasses(names, counts)
  return [
    {
      code: untrainedClass,
      message,
      choices: [
        ...spelledOtherwise(names, untrained, counts),
        ...leavingOut(untrained, names),
        accepting(untrainedClass, splitAnswers[untrainedClass].words),
      ],
    },
  ]
}

/** The answer that takes classes for those that are trained, are not where these are, and are spelled almost so: `cat` for `cats`, `gray` for `grey`. */
function spelledOtherwise(names: readonly string[], untrained: readonly string[], counts: ClassCounts): Doubt['choices'] {
  const apart = (one: number, other: number) =>
    counts.train[other] > 0 && splits.every((part) => counts[part][one] === 0 || counts[part][other] === 0)
  const pairs = untrained.map(
    (name) => [name, names.filter((other, at) => apart(names.indexOf(name), at) && areAlmostAlike(name, other))] as const,
  )
  if (pairs.some(([, others]) => others.length !== 1)) return []
  const words = pairs.map(([name, [other]]) => `${name} is ${other}`)
  return [
    {
      words: `They are called otherwise for training: ${listed(words)}.`,
      options: { rename: Object.fromEntries(pairs.map(([name, [other]]) => [name, other])) },
    },
  ]
}
