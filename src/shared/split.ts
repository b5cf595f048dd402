/** The splits of a data set: what each is called, and where it lies. Images of a data set are in order of split. */
import { z } from 'zod'

export const splitSchema = z.enum(['train', 'validation', 'test'])
export type Split = z.infer<typeof splitSchema>
export const splits = splitSchema.options
/** What their images are called: "800 training, 100 validation". */
export const splitNames: Readonly<Record<Split, string>> = { train: 'training', validation: 'validation', test: 'test' }

const images = z.int().min(0)
/** Images of each split. */
export const splitSizesSchema = z.strictObject({ train: images, validation: images, test: images })
export type SplitSizes = z.infer<typeof splitSizesSchema>

/** Images of all parts together. */
export const imagesIn = ({ train, validation, test }: Readonly<SplitSizes>): number => train + validation + test

/** Where a split's images lie among all. @param most the first so many of them */
export function splitRange(sizes: Readonly<SplitSizes>, split: Split, most = Infinity): { from: number; count: number } {
  const count = Math.min(sizes[split], most)
  if (split === 'train') return { from: 0, count }
  return { from: split === 'validation' ? sizes.train : sizes.train + sizes.validation, count }
}
