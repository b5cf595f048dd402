/** Options of `data add` as the import takes them. */
import type { ImportOptions } from '../../shared/dataset-import.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'

export interface AddOptions extends Omit<ImportOptions, 'colour'> {
  name?: string
  grey?: boolean
  colour?: boolean
  preview?: boolean
}

export function importOptions({
  size,
  grey,
  colour,
  fit,
  labelColumn,
  header,
  encoding,
  shape,
  range,
  split,
  equal,
  accept,
}: AddOptions): ImportOptions {
  const colours = grey === true ? 'grey' : colour === true ? 'colour' : undefined
  return omitUndefined({ size, colour: colours, fit, labelColumn, header, encoding, shape, range, split, equal, accept })
}

/** An answer as it is typed: `--label-column gender`, `--accept small-class`. */
export function optionsToType(options: ImportOptions): string {
  return Object.entries(options)
    .flatMap(([key, value]) => {
      const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      if (Array.isArray(value)) return value.map((one) => `${option} ${one}`)
      if (key === 'range') return [`${option} ${(value as { from: number }).from},${(value as { to: number }).to}`]
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return [`${option} ${/^[\w.-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`}`]
    })
    .join(' ')
}
