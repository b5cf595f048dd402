/** Options that name another data set of the lab, whose images are asked about beside those of the run. */
import { LabError } from '../shared/errors.ts'
import type { Dataset } from '../shared/contract/datasets.ts'
import { quoted } from '../shared/names.ts'
import { imageSize } from '../shared/wording.ts'
import type { OptionFacts } from './option-facts.ts'

type Shape = Pick<Dataset, 'hash' | 'name' | 'height' | 'width' | 'channels'>

/** The option of an analysis that does; undefined: none does. */
export const otherDataOption = (facts: readonly OptionFacts[]): OptionFacts | undefined => facts.find(({ type }) => type === 'dataset')

/** Why networks of a run on its own data cannot be asked about the other; null: they can. */
export function otherDataFault(own: Shape, other: Shape, key: string): LabError | null {
  const { height, width, channels } = own
  if (own.hash === other.hash) {
    return new LabError(
      'invalid-argument',
      `${quoted(other.name)} is what the networks were trained on: they are to be asked about another data set.`,
      'Name another one.',
      { settings: { [key]: null } },
    )
  }
  if (other.height === height && other.width === width && other.channels === channels) return null
  return new LabError(
    'invalid-argument',
    `The images of ${quoted(other.name)} are ${imageSize(other)}, and the networks look at ${imageSize(own)}.`,
    `Import its files once more as ${imageSize(own)}.`,
    { action: 'add-data', settings: { size: `${height}x${width}`, [channels === 1 ? 'grey' : 'colour']: null } },
  )
}

/** Why nothing can be asked where there is no such data set. */
export const noOtherData =
  'No other data set of the lab has images of this shape: import one, brought to the size and colours of the images that these networks look at.'
