/** Images of three classes, in turn, and what tests look at in a preview of them. */
import type { ImportPreview } from '../../../shared/dataset-import.ts'
import type { DoubtCode } from '../../../shared/import-options.ts'
import { picture } from './pictures.ts'
import type { Sample } from './samples.ts'

export const names = ['cat', 'dog', 'eel']
/** The class of the i-th image. */
export const classOf = (i: number): string => names[i % 3]
export const all = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))
/** @param first number of the first drawing: no two are alike */
export const drawn = (nameOf: (i: number) => string, count = 30, first = 0): Promise<Sample[]> =>
  Promise.all(all(count, async (i) => ({ name: nameOf(i), bytes: await picture('png', i % 3, first + i) })))
export const text = (name: string, ...lines: readonly string[]): Sample => ({ name, bytes: Buffer.from(`${lines.join('\n')}\n`) })

export const codes = ({ doubts }: ImportPreview): DoubtCode[] => doubts.map(({ code }) => code)
/** Images of each class. */
export const classesOf = ({ classes }: ImportPreview): Record<string, number> =>
  Object.fromEntries(classes.map(({ name, count }) => [name, count]))
