/** Values a network that points are coloured by, as the arrays of a result. */
import type { NamedArray, NamedArrays } from './analysis.ts'

/** How arrays that points are coloured by are called: behind this, the value's name. */
const valuePrefix = 'value:'

/** A value a network by name, [n] each, as the arrays of a map. */
export const asColours = (values: Readonly<Record<string, Float32Array>>): NamedArrays =>
  Object.fromEntries(Object.entries(values).map(([name, data]) => [valuePrefix + name, { shape: [data.length], data }]))

/** The same back. */
export const colourValues = (arrays: NamedArrays): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(arrays).flatMap(([name, { data }]) => (name.startsWith(valuePrefix) ? [[name.slice(valuePrefix.length), data]] : [])),
  )

/** One column of an array of rows. */
export const column = ({ shape, data }: NamedArray, at: number): Float32Array => data.filter((_, i) => i % shape[1] === at)
