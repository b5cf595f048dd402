/** Whether a name says that something is for training, validation or test. */
import type { ImportOptions, Part } from '../../shared/import-options.ts'
import type { Split } from '../../shared/split.ts'

const words: readonly [Split, string][] = [
  ['train', 'train|training|trn|tr'],
  ['validation', 'val|valid|validation|dev|eval'],
  ['test', 'tests?|testing|t10k|tst|te'],
]
/** Alone or behind the data set's name, and a year, a number or that of a shard after it: `train`, `asl_alphabet_test`, `val2017`, `train-00000-of-00002`. */
const folderNames = words.map(
  ([split, names]) => [split, new RegExp(`^(.+[-_ ])?(${names})[-_ ]?\\(?\\d*\\)?([-_ ]of[-_ ]\\d+)?$`)] as const,
)
/** Tables that are cut by the values of a column lie in folders called so: `split=train`. */
const byColumn = /^(data[-_]?)?(split|sub_?set|set|part(ition)?|fold|phase|usage)=/

/** An archive stands for the folder that it was packed from. */
export const archiveEnding = /(\.tar)?\.(zip|tar|tgz|gz)$/i

/** A folder's name: one word of it must say so, besides what every data set is called. */
export function splitOfFolder(name: string): Split | null {
  const plain = name
    .toLowerCase()
    .replace(archiveEnding, '')
    .replace(byColumn, '')
    .replace(/[-_ ]?(set|data|images|imgs|split)$/, '')
  // `train_val2019` holds several parts.
  if (several.test(plain)) return null
  return folderNames.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}

const several = /(^|[-_ ])(train(ing)?|val(id(ation)?)?|test)([-_ ]?(and|&)?[-_ ]?)(train(ing)?|val(id(ation)?)?|test)[-_ ]?\d*$/

const longWords = words.map(
  ([split, names]) =>
    [
      split,
      names
        .split('|')
        .filter((name) => name.length > 2)
        .join('|'),
    ] as const,
)
const before = longWords.map(([split, names]) => [split, new RegExp(`^(?:${names})[-_. ]+(.+)$`, 'i')] as const)
/** `trainA`, `testA`: the folders of CycleGAN. */
const joined = longWords.map(([split, names]) => [split, new RegExp(`^(?:${names})([A-Z].*)$`)] as const)
const behind = longWords.map(([split, names]) => [split, new RegExp(`^(.+?)[-_. ]+(?:${names})$`, 'i')] as const)

/** A name that begins or ends with a part, and what else it says: `train_cats`, `0012-test`; null: it does neither. */
export function takenApart(name: string): { split: Split; rest: string } | null {
  for (const [split, pattern] of [...before, ...joined, ...behind]) {
    const rest = pattern.exec(name)?.[1]
    if (rest !== undefined) return { split, rest }
  }
  return null
}

/** A file's name: some part of it says so, such as `t10k` in `t10k-labels-idx1-ubyte`, but not `latest` or `strained`. */
export function splitOfFile(name: string): Split | null {
  const plain = name.toLowerCase()
  if (/t10k|(?<!la|con|pro|at|de|ea|as|it|or|gh)test|(^|[^a-z])[xy]?_?te([^a-z]|$)/.test(plain)) return 'test'
  if (/(?<!s)train|(^|[^a-z])[xy]?_?tr([^a-z]|$)/.test(plain)) return 'train'
  if (/valid|(^|[^a-z])val([^a-z]|$)|(^|[^a-z])dev([^a-z]|$)/.test(plain)) return 'validation'
  return null
}

/** A file's part by its name, else by the folders it is in; null: nothing says it. */
export function saidOfPath(path: string): Split | null {
  const [name, ...folders] = path.split('/').reverse()
  const folder = folders.reverse().map(splitOfFolder)
  return splitOfFile(name) ?? folder.find((split) => split !== null) ?? null
}

/** As {@link saidOfPath}; by default it trains. */
export function splitOfPath(path: string): Split {
  return saidOfPath(path) ?? 'train'
}

/** What the person said of a name, or of one of the folders; null: nothing. */
export function chosenPart(names: readonly string[], { parts }: Pick<ImportOptions, 'parts'>): Part | null {
  if (parts === undefined) return null
  const name = names.find((one) => Object.hasOwn(parts, one))
  return name === undefined ? null : parts[name]
}

/** What came of one part alone trains, whatever it is called. */
export function trainingIfAlone<T extends { split: Split }>(all: readonly T[]): T[] {
  const lone = all.length > 0 && all.every(({ split }) => split === all[0].split)
  return lone ? all.map((one) => ({ ...one, split: 'train' })) : [...all]
}
