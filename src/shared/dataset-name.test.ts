import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { datasetNameFrom } from './dataset-name.ts'

test.each([
  ['an archive', ['digits.tar.gz'], 'digits'],
  ['an archive with its place', ['/home/ada/leaves.zip'], 'leaves'],
  ['a table', ['C:\\data\\leaves.csv'], 'leaves'],
  ['a table that says what it is for', ['mnist_train.csv'], 'mnist'],
  ['a folder that was dropped', ['leaves/oak/1.png', 'leaves/elm/1.png'], 'leaves'],
  ['an IDX pair', ['pair-images-idx3-ubyte', 'pair-labels-idx1-ubyte'], 'pair'],
  [
    'packed IDX files of one family',
    ['fashion-mnist-train-images-idx3-ubyte.gz', 'fashion-mnist-train-labels-idx1-ubyte.gz', 'fashion-mnist-t10k-images-idx3-ubyte.gz'],
    'fashion-mnist',
  ],
  [
    'files whose folder says more than they do',
    ['/home/ada/fashion-mnist/train-images.idx3-ubyte', '/home/ada/fashion-mnist/train-labels.idx1-ubyte'],
    'fashion-mnist',
  ],
  ['files in a folder that says nothing', ['/home/ada/Downloads/train-images-idx3-ubyte.gz'], 'data'],
  ["files in a person's own folder", ['/home/ada/train-images-idx3-ubyte.gz'], 'data'],
  ['files that say nothing, from a browser', ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'], 'data'],
  ['arrays in pairs', ['/sets/birds/x_train.npy', '/sets/birds/y_train.npy'], 'birds'],
  ['batches', ['data_batch_1.bin', 'data_batch_2.bin'], 'data_batch'],
  ['things that have nothing in common', ['cats.png', 'dogs.png'], 'data'],
  ['a name with points and gaps', ['my digits v1.2.zip'], 'my digits v1.2'],
  ['nothing', [], 'data'],
])('%s', (_what, paths, name) => {
  expect(datasetNameFrom(paths)).toBe(name)
})

describe('whatever files are called', () => {
  it('there is a name, without gaps around it, and its words stand in all that was given', () => {
    const word = fc.constantFrom('train', 'images', 'idx3', 'ubyte', 'birds', 'v1', '', 'a b', '..')
    const path = fc.array(
      fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('-')),
      { minLength: 1, maxLength: 3 },
    )
    fc.assert(
      fc.property(fc.array(path, { maxLength: 4 }), fc.boolean(), (files, absolute) => {
        const paths = files.map((parts) => (absolute ? '/' : '') + parts.join('/'))
        const name = datasetNameFrom(paths)
        expect(name).not.toMatch(/^[-_. ]|[-_. ]$|^$/)
        const words = name.split(/[-_. ]+/)
        expect(name === 'data' || paths.every((given) => words.every((one) => given.includes(one)))).toBe(true)
      }),
    )
  })
})
