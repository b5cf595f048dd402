/** Options of `data add` as the import takes them. */
import type { ImportOptions } from '../../shared/dataset-import.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'

export interface AddOptions extends Omit<ImportOptions, 'colour'> {
  name?: string
  grey?: boolean
  colour?: boolean
  preview?: boolean
}

export function importOptions({ size, grey, colour, fit, labelColumn, header, shape, split }: AddOptions): ImportOptions {
  const colours = grey === true ? 'grey' : colour === true ? 'colour' : undefined
  return omitUndefined({ size, colour: colours, fit, labelColumn, header, shape, split })
}
