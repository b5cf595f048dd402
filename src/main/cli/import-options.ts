/** Options of `data add` as the import takes them. */
import type { ImportOptions } from '../../shared/dataset-import.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'

export interface AddOptions extends Omit<ImportOptions, 'colour' | 'parts'> {
  name?: string
  grey?: boolean
  colour?: boolean
  preview?: boolean
  part?: NonNullable<ImportOptions['parts']>
}

export function importOptions({
  size,
  grey,
  colour,
  fit,
  labelColumn,
  imageColumn,
  part,
  classFolder,
  labelsFrom,
  leaveOut,
  missing,
  background,
  channels,
  header,
  encoding,
  shape,
  range,
  split,
  equal,
  accept,
}: AddOptions): ImportOptions {
  const colours = grey === true ? 'grey' : colour === true ? 'colour' : undefined
  return omitUndefined({
    size,
    colour: colours,
    fit,
    labelColumn,
    imageColumn,
    parts: part,
    classFolder,
    labelsFrom,
    leaveOut,
    missing,
    background,
    channels,
    header,
    encoding,
    shape,
    range,
    split,
    equal,
    accept,
  })
}

/** An answer as it is typed: `--label-column gender`, `--accept small-class`. */
export function optionsToType(options: ImportOptions): string {
  return Object.entries(options)
    .flatMap(([key, value]) => {
      const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      if (Array.isArray(value)) return value.map((one) => `${option}${one.startsWith('-') ? '=' : ' '}${quoted(one)}`)
      if (key === 'parts')
        return Object.entries(value as NonNullable<ImportOptions['parts']>).map((one) => `--part ${quoted(one.join('='))}`)
      if (key === 'range') return [`${option} ${(value as { from: number }).from},${(value as { to: number }).to}`]
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return [`${option} ${quoted(text)}`]
    })
    .join(' ')
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w.=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
