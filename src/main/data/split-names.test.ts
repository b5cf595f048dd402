import { expect, test } from 'vitest'
import { splitOfFile, splitOfFolder, splitOfPath, trainingIfAlone } from './split-names.ts'

test.each([
  ['train', 'train'],
  ['Training_Set', 'train'],
  ['trainset', 'train'],
  ['split_train', 'train'],
  ['train images', 'train'],
  ['train2017', 'train'],
  ['seg_train', 'train'],
  ['asl_alphabet_test', 'test'],
  ['test1', 'test'],
  ['val', 'validation'],
  ['train (45)', 'train'],
  ['set-train-000000.tar', 'train'],
  ['val-00000-of-00002.tar.gz', 'validation'],
  ['split=test', 'test'],
  ['label=train', null],
  ['trainers', null],
  ['strain', null],
  ['contest', null],
  ['interval', null],
  ['', null],
])('the folder %s is for %s', (name, split) => {
  expect(splitOfFolder(name)).toBe(split)
})

test.each([
  ['t10k-images-idx3-ubyte', 'test'],
  ['x_train', 'train'],
  ['XTest', 'test'],
  ['fashion-mnist_test.csv', 'test'],
  ['train-00000-of-00001.parquet', 'train'],
  ['val_images', 'validation'],
  ['x-val', 'validation'],
  ['dev.csv', 'validation'],
  ['my-dev', 'validation'],
  ['device.csv', null],
  ['sandev.csv', null],
  ['latest.csv', null],
  ['contest.csv', null],
  ['strains.csv', null],
  ['carnival.csv', null],
])('the file %s is for %s', (name, split) => {
  expect(splitOfFile(name)).toBe(split)
})

test("a file's own name counts before its folders'", () => {
  expect(splitOfPath('set/test/train.csv')).toBe('train')
  expect(splitOfPath('set/test/a.csv')).toBe('test')
  expect(splitOfPath('set/a.csv')).toBe('train')
  // Of several folders that say so, the outermost counts.
  expect(splitOfPath('train/test/a.csv')).toBe('train')
  expect(splitOfPath('test/train/a.csv')).toBe('test')
})

test('what came of one part alone trains', () => {
  const [a, b, c] = [
    { name: 'a', split: 'test' as const },
    { name: 'b', split: 'test' as const },
    { name: 'c', split: 'validation' as const },
  ]
  expect(trainingIfAlone([a, b])).toEqual([
    { name: 'a', split: 'train' },
    { name: 'b', split: 'train' },
  ])
  expect(trainingIfAlone([a, b, c])).toEqual([a, b, c])
  expect(trainingIfAlone([])).toEqual([])
})
