/** Where each split lies among the images of a data set. */
import type { Split } from '../../../shared/results.ts'

type Sizes = Readonly<Record<Split, number>>

/** Index of a split's first image. */
export function firstOf(sizes: Sizes, split: Split): number {
  if (split === 'train') return 0
  return split === 'validation' ? sizes.train : sizes.train + sizes.validation
}
