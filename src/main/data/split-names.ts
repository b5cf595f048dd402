/** Whether a name says that something is for training, validation or test. */
import type { Split } from '../../shared/split.ts'

const words: readonly [Split, string][] = [
  ['train', 'train|training|tr'],
  ['validation', 'val|valid|validation|dev|eval'],
  ['test', 'test|testing|t10k|tst'],
]
/** Alone or behind the data set's name, and a year or number after it: `train`, `asl_alphabet_test`, `val2017`. */
const folderNames = words.map(([split, names]) => [split, new RegExp(`^(.+[-_ ])?(${names})[-_ ]?\\d{0,4}$`)] as const)

/** A folder's name: one word of it must say so, besides what every data set is called. */
export function splitOfFolder(name: string): Split | null {
  const plain = name.toLowerCase().replace(/[-_ ]?(set|data|images|imgs|split)$/, '')
  return folderNames.find(([, pattern]) => pattern.test(plain))?.[0] ?? null
}

/** A file's name: some part of it says so, such as `t10k` in `t10k-labels-idx1-ubyte`, but not `latest` or `strained`. */
export function splitOfFile(name: string): Split | null {
  const plain = name.toLowerCase()
  if (/t10k|(?<!la|con|pro|at|de|ea|as|it|or|gh)test/.test(plain)) return 'test'
  if (/(?<!s)train/.test(plain)) return 'train'
  if (/valid|(^|[^a-z])val([^a-z]|$)|(^|[^a-z])dev([^a-z]|$)/.test(plain)) return 'validation'
  return null
}

/** A file's part by its name, else by the folders it is in; by default it trains. */
export function splitOfPath(path: string): Split {
  const [name, ...folders] = path.split('/').reverse()
  const folder = folders.reverse().map(splitOfFolder)
  return splitOfFile(name) ?? folder.find((split) => split !== null) ?? 'train'
}

/** What came of one part alone trains, whatever it is called. */
export function trainingIfAlone<T extends { split: Split }>(all: readonly T[]): T[] {
  const lone = all.length > 0 && all.every(({ split }) => split === all[0].split)
  return lone ? all.map((one) => ({ ...one, split: 'train' })) : [...all]
}
