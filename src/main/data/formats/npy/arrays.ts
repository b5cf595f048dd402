/** The arrays that files hold, of what part each is, and what their names say. */
import { LabError } from '../../../../shared/errors.ts'
import type { Doubt, ImportOptions, Part } from '../../../../shared/import-options.ts'
import type { Split } from '../../../../shared/split.ts'
import { plural } from '../../../../shared/wording.ts'
import { partFiles } from '../../parts.ts'
import { chosenPart, saidOfPath, trainingIfAlone } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'
import { isText, type NumberArray } from '../numbers/array-header.ts'
import { countedLast } from '../numbers/fortran-order.ts'
import { headerBytes, readNpyHeader } from './npy-header.ts'

export interface Found extends NumberArray {
  split: Split
  /** The file that holds it, where several hold images and labels each: batches, and parts. */
  batch: string
}

export const imageNames = /^(x|images?|imgs?|data|features|pixels)([^a-z]|$)|(^|[^a-z])(x|images?|imgs?|data|features|pixels)$/i
export const labelNames = /^(y|labels?|targets?|class(es)?)([^a-z]|$)|(^|[^a-z])(y|labels?|targets?|class(es)?)$/i

export function isLabels({ name, header: { shape, kind } }: NumberArray): boolean {
  return (
    shape.length >= 1 &&
    shape.length <= (isText({ kind }) && shape[1] !== 1 ? 1 : 2) &&
    (labelNames.test(name) || (shape.length === 1 && !imageNames.test(name)))
  )
}

export function isImages(array: NumberArray): boolean {
  const { shape } = array.header
  return !isText(array.header) && shape.length >= 2 && shape.length <= 4 && !(isLabels(array) && labelNames.test(array.name))
}

export function isMatlab({ path }: TreeFile): boolean {
  return /\.mat\//i.test(path)
}

export const folderOf = ({ path }: TreeFile): string => path.slice(0, path.lastIndexOf('/'))

export function list(arrays: readonly Found[]): string {
  const words = arrays.slice(0, 8).map(({ name, header: { shape } }) => `${name} (${shape.join(' x ')})`)
  return [...words, ...(arrays.length > 8 ? [plural(arrays.length - 8, 'other')] : [])].join(', ')
}

/** What is left of an array's name without what says that it holds images or labels: `holdout` of `x_holdout`. */
function restOf(name: string): string {
  return name.replace(
    /^(x|y|images?|imgs?|labels?|targets?|data)(?=[^a-z]|[A-Z]|v|$)[-_ .]*|[-_ .]*(images?|imgs?|labels?|targets?|data)$/gi,
    '',
  )
}

/** The path of the NPZ archive that an array lies in, without its ending, and its name. */
const archiveOf = /^(.*?([^/]+))\.npz\/[^/]+$/i

/** Headers of all arrays; those of other kinds than numbers and texts are noted, unless nothing is left. */
export async function lookAll(
  files: readonly TreeFile[],
  options: ImportOptions,
): Promise<{ arrays: Found[]; notes: string[]; unknown: string[]; partDoubts: Doubt[] }> {
  const looked: (NumberArray & { part: Part | null; rest: string })[] = []
  const errors: LabError[] = []
  const alone = Map.groupBy(files, ({ path }) => archiveOf.exec(path)?.[1])
  for (const file of files) {
    try {
      const header = readNpyHeader(await file.head(headerBytes), file.size, file.path)
      const own = file.name.replace(/\.npy$/i, '')
      const [, packed, archive] = archiveOf.exec(file.path) ?? []
      // np.savez calls what it is given without a name arr_0: the archive's name says what it is then.
      const isNameless = archive !== undefined && /^arr_\d+$/.test(own)
      const name = isNameless && alone.get(packed)?.length === 1 ? archive : own
      const path = isNameless ? packed : file.path.replace(/\.npy$/i, '')
      const rest = restOf(isNameless ? archive : name)
      const part = chosenPart([name, ...(rest === '' ? [] : [rest])], options) ?? saidOfPath(path)
      looked.push({ file, name, part, rest, header })
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      errors.push(error)
    }
  }
  // Arrays of names and descriptions often lie beside the numbers.
  if (looked.length < 2 && errors.length > 0) throw errors[0]
  const counts = new Set(looked.filter(({ header: { shape } }) => shape.length === 1).map(({ header: { shape } }) => shape[0]))
  for (const array of looked) if (isMatlab(array.file)) array.header = countedLast(array.header, counts, array.file.path)
  // Several archives, or files of MATLAB, that hold images and labels each: parts, or batches.
  const batches = Map.groupBy(looked, ({ file }) => /^(.*\.(npz|mat))\//i.exec(file.path)?.[1] ?? '')
  const whole = [...batches].filter(
    ([batch, own]) =>
      batch !== '' &&
      own.some(isImages) &&
      own.some(({ name }) => labelNames.test(name)) &&
      own.every(({ name }) => saidOfPath(name) === null),
  )
  if (whole.length > 1) {
    const { files: parted, doubts } = partFiles(
      whole.map(([path]) => ({ path })),
      options,
      'files',
    )
    const arrays = parted.flatMap(({ path, split }) => batches.get(path)!.map((array): Found => ({ ...array, split, batch: path })))
    return { arrays, notes: errors.map(({ message }) => `Not used: ${message}`), unknown: [], partDoubts: doubts }
  }
  const speaking = looked.some(({ part }) => part === 'train')
  // Beside arrays that say what they are for, others may be images and labels of a part of their own.
  const silent = looked.filter(({ part, rest }) => part === null && rest !== '')
  const images = silent.filter(({ header: { shape } }) => shape.length >= 3)
  const unknown = speaking
    ? [...new Set(images.map(({ rest }) => rest))].filter((rest) => silent.filter((one) => one.rest === rest).length > 1)
    : []
  const arrays = looked.flatMap(({ file, name, header, part, rest }): Found[] =>
    part === 'none' || (part === null && unknown.includes(rest)) ? [] : [{ file, name, header, split: part ?? 'train', batch: '' }],
  )
  return { arrays: trainingIfAlone(arrays), notes: errors.map(({ message }) => `Not used: ${message}`), unknown, partDoubts: [] }
}
