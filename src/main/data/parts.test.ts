import { expect, test } from 'vitest'
import type { ImportOptions } from '../../shared/import-options.ts'
import { partFiles } from './parts.ts'

/** What each answer to the only question makes of the files, by its words. */
function answers(paths: readonly string[], kind: 'files' | 'tables' = 'files') {
  const parted = (options: ImportOptions) =>
    partFiles(
      paths.map((path) => ({ path })),
      options,
      kind,
    )
  const { doubts } = parted({})
  expect(doubts).toHaveLength(1)
  const [{ message, choices }] = doubts
  const made = choices.map(({ words, options }): [string, string] => [
    words,
    parted(options)
      .files.map(({ path, split }) => `${path} ${split}`)
      .join(', '),
  ])
  return { message, made: Object.fromEntries(made) }
}

test('of several files that are called by no part each answer says it of the one that it names', () => {
  const train = 's/train.csv train'
  expect(answers(['s/train.csv', 's/extra.csv', 's/holdout.csv'], 'tables')).toEqual({
    message: 'Nothing says what the tables called extra, holdout are for; others are called training, validation or test.',
    made: {
      'extra is for test.': `${train}, s/extra.csv test, s/holdout.csv train`,
      'extra is for validation.': `${train}, s/extra.csv validation, s/holdout.csv train`,
      'extra is for training.': `${train}, s/extra.csv train, s/holdout.csv train`,
      'extra is none of the data set.': `${train}, s/holdout.csv train`,
      'holdout is for test.': `${train}, s/extra.csv train, s/holdout.csv test`,
      'holdout is for validation.': `${train}, s/extra.csv train, s/holdout.csv validation`,
      'holdout is for training.': `${train}, s/extra.csv train, s/holdout.csv train`,
      'holdout is none of the data set.': `${train}, s/extra.csv train`,
      'All of them are for training.': `${train}, s/extra.csv train, s/holdout.csv train`,
    },
  })
})

test('where nothing says any part the others train', () => {
  expect(answers(['s/mine.csv', 's/hers.csv'])).toEqual({
    message: 'There are several files (mine, hers), and nothing says which are for training and which for test.',
    made: {
      'mine is for test.': 's/mine.csv test, s/hers.csv train',
      'mine is for validation.': 's/mine.csv validation, s/hers.csv train',
      'mine is none of the data set.': 's/hers.csv train',
      'hers is for test.': 's/mine.csv train, s/hers.csv test',
      'hers is for validation.': 's/mine.csv train, s/hers.csv validation',
      'hers is none of the data set.': 's/mine.csv train',
      'All of them are for training.': 's/mine.csv train, s/hers.csv train',
    },
  })
})

test('of folders with files of the same part, which may be data sets of their own, each can be read alone', () => {
  const paths = ['s/digits/train.npz', 's/digits/test.npz', 's/letters/train.npz', 's/letters/test.npz']
  expect(answers(paths)).toEqual({
    message: 'Several folders (digits, letters) hold files for training: they may be data sets of their own.',
    made: {
      'Read digits alone.': 's/digits/train.npz train, s/digits/test.npz test',
      'Read letters alone.': 's/letters/train.npz train, s/letters/test.npz test',
      'They are one data set.': 's/digits/train.npz train, s/digits/test.npz test, s/letters/train.npz train, s/letters/test.npz test',
    },
  })
  // Numbered folders are pieces of one.
  expect(partFiles([{ path: 's/set1/train.npz' }, { path: 's/set2/train.npz' }], {}, 'files').doubts).toEqual([])
})
