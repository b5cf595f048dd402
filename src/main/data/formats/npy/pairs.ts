/** Which arrays are the images of a part and which their labels, and what is to be asked where several may be. */
import type { LabError } from '../../../../shared/errors.ts'
import type { Doubt, DoubtCode, ImportOptions } from '../../../../shared/import-options.ts'
import type { Split } from '../../../../shared/split.ts'
import { badInput } from '../../bad-input.ts'
import { isText } from '../numbers/array-header.ts'
import type { NumberPair } from '../numbers/number-pairs.ts'
import { planesOf, rowLayout, type ImageLayout } from '../shapes.ts'
import { folderOf, imageNames, isImages, isLabels, labelNames, list, type Found } from './arrays.ts'

export const howTo =
  'Save the images as count x height x width (x channels) and the labels as one number or text an image: np.savez("set.npz", x_train=..., y_train=..., x_test=..., y_test=...).'

/** Images and labels of one part: told by their names, or else by their shapes. */
export function pairUp(
  split: Split,
  arrays: readonly Found[],
  options: ImportOptions,
): { pair: NumberPair<Found>; doubts: Doubt[] } | null {
  const images = arrays.filter(isImages).sort((a, b) => b.header.shape.length - a.header.shape.length)
  // What is called so comes first, and numbers before texts, which may be names of files.
  const rank = ({ name, header }: Found) => 4 * (labelNames.test(name) ? 0 : 1) + 2 * (isText(header) ? 1 : 0) + header.shape.length - 1
  const labels = arrays.filter(isLabels).sort((a, b) => rank(a) - rank(b))
  if (images.length === 0) return null
  const fitting = images.flatMap((image) =>
    labels.filter((label) => label !== image && label.header.shape[0] === image.header.shape[0]).map((label) => ({ image, label })),
  )
  if (fitting.length === 0) {
    const turned = images.find(({ header: { shape } }) => labels.some((label) => shape.slice(1).includes(label.header.shape[0])))
    if (turned !== undefined)
      throw badInput(
        turned.file.path,
        `has the shape ${turned.header.shape.join(' x ')}, whose first number is not that of the labels (${labels[0].header.shape[0]}): its images are counted by another index.`,
        'Bring that index to the front: np.moveaxis(x, -1, 0), or x.T where each column is an image.',
      )
    if (labels.length > 0)
      throw badInput(
        labels[0].file.path,
        `has ${labels[0].header.shape[0]} labels, but ${images[0].name} has ${images[0].header.shape[0]} images.`,
        'Give the labels that belong to these images.',
      )
    if (split === 'train') throw noLabels(images)
    return null // images without labels, such as a competition's test set
  }
  const wantsLabels = fitting.some(({ label }) => label.name === options.labelColumn)
  const wantsImages = fitting.some(({ image }) => image.name === options.imageColumn)
  const wanted = fitting.filter(
    ({ image, label }) => (!wantsLabels || label.name === options.labelColumn) && (!wantsImages || image.name === options.imageColumn),
  )
  const { image, label } = wanted[0] ?? fitting[0]
  const rivals = (of: (pair: (typeof fitting)[number]) => Found, names: RegExp) => {
    const chosen = of({ image, label })
    const others = [...new Set(fitting.map(of))].filter(
      (one) =>
        one !== chosen &&
        one.header.shape[0] === chosen.header.shape[0] &&
        one.header.shape.length === chosen.header.shape.length &&
        // One that alone is called so is meant.
        names.test(one.name) === names.test(chosen.name) &&
        (!exactNames.test(chosen.name) || exactNames.test(one.name)),
    )
    return others.length === 0 ? [] : [chosen, ...others]
  }
  const manyLabels = wantsLabels ? [] : rivals((pair) => pair.label, labelNames)
  const manyImages = wantsImages ? [] : rivals((pair) => pair.image, imageNames)
  return {
    pair: { split, images: image, labels: label, layout: layoutOf(image, options) },
    doubts: [
      ...rivalDoubt('label-column', 'labels', manyLabels, (labelColumn) => ({ labelColumn })),
      ...rivalDoubt('image-column', 'images', manyImages, (imageColumn) => ({ imageColumn })),
    ],
  }
}

/** Images without labels: what they may be, and the way out. */
function noLabels(images: readonly Found[]): LabError {
  const [{ file }] = images
  const folders = new Set(images.map((image) => folderOf(image.file)))
  if (images.length > 1 && folders.size > 1)
    return badInput(
      file.path,
      `it and ${images.length - 1} other arrays lie in ${folders.size} folders, and no array holds labels: where each is one image of the class that its folder is called, they are not read so.`,
      'Make one archive of them, in Python: import glob, os, numpy as np; files = sorted(glob.glob("set/*/*.npy")); np.savez("set.npz", images=np.stack([np.load(f) for f in files]), labels=[os.path.basename(os.path.dirname(f)) for f in files]).',
    )
  return badInput(file.path, 'there are no labels for its images.', howTo)
}

/** Names that leave nothing to ask, where only one array has such a name. */
const exactNames = /^[xy]([-_ ]?(train|test|val|valid|tr|te))?$|^(labels?|images?|targets?)$|^(train|test|val)[-_ ](images|labels)$/i

function rivalDoubt(code: DoubtCode, what: string, arrays: readonly Found[], answer: (name: string) => ImportOptions): Doubt[] {
  if (arrays.length === 0) return []
  return [
    {
      code,
      message: `Several arrays may hold the ${what}: ${list(arrays)}.`,
      choices: arrays.slice(0, 20).map(({ name }) => ({ words: `The ${what} are in ${name}.`, options: answer(name) })),
    },
  ]
}

export function layoutOf({ file, header: { shape } }: Found, options: ImportOptions): ImageLayout {
  if (shape.length === 2) return rowLayout(shape[1], options, file.path)
  const layout = planesOf(file.path, shape, howTo)
  if (layout.height < 1 || layout.width < 1 || layout.channels < 1 || shape[0] < 1)
    throw badInput(file.path, `has the shape ${shape.join(' x ')}: it is empty.`, howTo)
  return layout
}
