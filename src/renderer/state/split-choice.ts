/** The split that a person types for an import: what it leaves for training, and what is wrong with it. */
import type { ImportPreview } from '../../shared/dataset-import.ts'
import { imagesIn, type SplitSizes } from '../../shared/split.ts'
import { count, plural } from '../../shared/wording.ts'

/** As the fields hold it: no number where one is empty. */
export interface TypedSplit {
  validation: number | null | undefined
  test: number | null | undefined
}

export interface SplitChoice {
  /** Images that there are for training, and what is cut from them. */
  total: number
  /** What it comes to; meaningless where something is wrong. */
  sizes: SplitSizes
  /** A sentence at each field that is wrong. */
  wrong: Partial<Record<keyof TypedSplit, string>>
}

/** Validation and test images that came apart are the most there can be; what did not is cut from those for training. */
export function chooseSplit(preview: Pick<ImportPreview, 'classes' | 'read'>, { validation, test }: TypedSplit): SplitChoice {
  const apart = { train: 0, validation: 0, test: 0 }
  for (const { parts } of preview.classes) {
    apart.train += parts?.train ?? 0
    apart.validation += parts?.validation ?? 0
    apart.test += parts?.test ?? 0
  }
  const total = imagesIn(apart) === 0 ? preview.read : apart.train
  const cut = (name: keyof TypedSplit, wanted: number): number => (apart[name] > 0 ? 0 : wanted)
  const sizes = { validation: validation ?? NaN, test: test ?? NaN }
  const train = total - cut('validation', sizes.validation) - cut('test', sizes.test)
  const wrong: SplitChoice['wrong'] = {}
  for (const name of ['validation', 'test'] as const) {
    const images = sizes[name]
    if (!Number.isInteger(images) || images < 0) wrong[name] = 'Enter a whole number of images.'
    else if (apart[name] > 0 && images > apart[name])
      wrong[name] = `There ${apart[name] === 1 ? 'is' : 'are'} only ${plural(apart[name], `${name} image`)}.`
  }
  if (sizes.validation === 0) wrong.validation = 'At least one image is needed for validation.'
  if (train < 1) wrong[cut('validation', 1) > 0 ? 'validation' : 'test'] ??= `No image of the ${count(total)} is left for training.`
  return { total, sizes: { train, ...sizes }, wrong }
}
