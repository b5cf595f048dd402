/** Options of `data add` as the import takes them. */
import type { ImportOptions } from '../../shared/dataset-import.ts'

export interface AddOptions {
  name?: string
  size?: { height: number; width: number }
  grey?: boolean
  colour?: boolean
  fit?: 'crop' | 'pad' | 'stretch'
  labelColumn?: string
  header?: boolean
  shape?: { height: number; width: number; channels: number }
  split?: { train: number; validation: number; test: number }
  preview?: boolean
}

export function importOptions({ size, grey, colour, fit, labelColumn, header, shape, split }: AddOptions): ImportOptions {
  return {
    ...(size === undefined ? {} : { size }),
    ...(grey === true ? { colour: 'grey' } : colour === true ? { colour: 'colour' } : {}),
    ...(fit === undefined ? {} : { fit }),
    ...(labelColumn === undefined ? {} : { labelColumn }),
    ...(header === undefined ? {} : { header }),
    ...(shape === undefined ? {} : { shape }),
    ...(split === undefined ? {} : { split }),
  }
}
