/** Options of `data add` as the import takes them. */
import { quote } from '../../shared/command-line.ts'
import { importOptionsSchema, type ImportOptions } from '../../shared/import-options.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'

export interface AddOptions extends Omit<ImportOptions, 'colour' | 'parts'> {
  name?: string
  grey?: boolean
  colour?: boolean
  preview?: boolean
  part?: NonNullable<ImportOptions['parts']>
}

const keys = Object.keys(importOptionsSchema.shape) as (keyof ImportOptions)[]

export function importOptions(options: AddOptions): ImportOptions {
  const { grey, part: parts } = options
  const colour = grey === true ? 'grey' : options.colour === true ? 'colour' : undefined
  const all: { readonly [K in keyof ImportOptions]?: ImportOptions[K] | undefined } = { ...options, colour, parts }
  return omitUndefined(Object.fromEntries(keys.map((key) => [key, all[key]])))
}

/** An answer as it is typed: `--label-column gender`, `--accept small-class`. */
export function optionsToType(options: ImportOptions): string {
  return Object.entries(options)
    .flatMap(([key, value]) => {
      const option = `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
      if (Array.isArray(value)) return value.map((one) => `${option}${one.startsWith('-') ? '=' : ' '}${quote(one)}`)
      if (key === 'parts' || key === 'rename')
        return Object.entries(value as Record<string, string>).map(
          (one) => `${key === 'parts' ? '--part' : option} ${quote(one.join('='))}`,
        )
      if (key === 'range') return [`${option} ${(value as { from: number }).from},${(value as { to: number }).to}`]
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return [`${option} ${quote(text)}`]
    })
    .join(' ')
}
