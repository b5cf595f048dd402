/** Whether a name says that something is for training, validation or test. */

export type Part = 'train' | 'validation' | 'test'
export const parts: readonly Part[] = ['train', 'validation', 'test']

/** A folder's name: the whole of it must say so. */
export function partOfFolder(name: string): Part | null {
  const plain = name.toLowerCase().replace(/[-_ ]?(set|data|images|imgs|split)$/, '')
  if (/^(train|training|tr)$/.test(plain)) return 'train'
  if (/^(val|valid|validation|dev|eval)$/.test(plain)) return 'validation'
  if (/^(test|testing|t10k|tst)$/.test(plain)) return 'test'
  return null
}

/** A file's name: some part of it says so, such as `t10k` in `t10k-labels-idx1-ubyte`. */
export function partOfFile(name: string): Part | null {
  const plain = name.toLowerCase()
  if (/t10k|test/.test(plain)) return 'test'
  if (/train/.test(plain)) return 'train'
  if (/valid|(^|[^a-z])val([^a-z]|$)|(^|[^a-z])dev([^a-z]|$)/.test(plain)) return 'validation'
  return null
}
