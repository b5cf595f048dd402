/** What is asked about any files, with what each answer stands for: an answer must be about what its sentence names. */
import { expect, test } from 'vitest'
import type { Doubt } from '../../../shared/import-options.ts'
import { generalDoubts } from './general-doubts.ts'
import { labelSaysNone, noLabel, type ImageBuffer } from '../image-buffer.ts'
import type { Survey } from '../reader.ts'

type Told = [code: string, message: string, answers: Record<string, object>]
const told = (doubts: readonly Doubt[]): Told[] =>
  doubts.map(({ code, message, choices }) => [code, message, Object.fromEntries(choices.map(({ words, options }) => [words, options]))])

interface Case extends Partial<Omit<ImageBuffer, 'labels' | 'names'>> {
  names: readonly string[]
  /** Of each image. */
  labels: readonly number[]
  survey?: Partial<Survey>
}

function asked({ names, labels, survey, ...buffer }: Case): Told[] {
  const { train, validation, test: tested } = buffer.presplit ?? { train: labels.length, validation: 0, test: 0 }
  const read: Survey = {
    ...{
      recognised: '',
      files: ['set'],
      classNames: [...names],
      count: labels.length,
      unreadable: [],
      labelColumn: null,
      labelsFrom: '',
      notes: [],
    },
    sizes: [{ height: 8, width: 8, channels: 1, count: labels.length }],
    pictures: () => {
      throw new Error('They are read already.')
    },
    ...survey,
  }
  return told(
    generalDoubts(
      read,
      {
        ...{ path: '', plan: { height: 8, width: 8, channels: 1, fit: 'crop' }, flat: 0, notes: [] },
        labels: Uint8Array.from(labels),
        names: labels.map((_, i) => `image ${i}`),
        presplit: { train, validation, test: tested },
        firstEqual: Uint32Array.from(labels.keys()),
        brightest: { train: 255, validation: 255, test: 255 },
        duplicates: { count: 0, acrossClasses: 0, acrossSplits: 0, examples: [] },
        unreadable: { count: 0, examples: [] },
        unlabelled: { count: 0, first: '', asked: 0 },
        ...buffer,
      },
      { order: null, split: { train, validation, test: tested }, words: null },
    ),
  )
}

const inTurn = (classes: number, count = 12): number[] => Array.from({ length: count }, (_, i) => i % classes)
const keep = (code: string) => ({ accept: [code] })

test('nothing is asked where nothing is odd', () => {
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2) })).toEqual([])
})

test.each([
  ['0, 1, 255', '255'],
  ['1, 2, 3, 9', '9'],
])('of numbers far apart (%s) the last may be left out', (listed, last) => {
  const names = listed.split(', ')
  expect(asked({ names, labels: inTurn(names.length) })).toEqual([
    [
      'odd-labels',
      `Labels are numbers far apart (${listed}): some may say that there is none.`,
      { 'They are the classes.': keep('odd-labels'), 'Leave these images out.': { missing: [last] } },
    ],
  ])
})

const two = { names: ['cat', 'dog'], labels: inTurn(2, 20) }
const numbers = (...names: string[]): Case => ({ names, labels: inTurn(names.length) })
const sides = (height: number, width: number): Case => ({ ...two, survey: { sizes: [{ height, width, channels: 1, count: 20 }] } })
const brightest = (train: number, test: number, dark = false): Case => ({
  ...{ ...two, survey: { dark }, presplit: { train: 10, validation: 0, test: 10 } },
  brightest: { train, validation: 0, test },
})
const again = (images: number): Case => ({
  ...{ ...two, firstEqual: Uint32Array.from({ length: 20 }, (_, i) => (i <= images ? 0 : i)) },
  duplicates: { count: images, acrossClasses: 0, acrossSplits: 0, examples: [['a', 'b'] as [string, string]] },
})
test.each<[code: string, Case, Case]>([
  ['odd-labels', numbers('0', '1', '5'), numbers('0', '1', '4')],
  ['odd-labels', numbers('0.5', '1'), numbers('0', '1')],
  ['odd-labels', numbers('-2', '0', '1'), numbers('-2', '-1')],
  ['one-value', { ...two, flat: 2 }, { ...two, flat: 1 }],
  ['tiny-images', sides(3, 5), sides(4, 4)],
  ['pixel-range', brightest(127, 127, true), brightest(128, 128, true)],
  ['parts-differ', brightest(253, 63), brightest(252, 63)],
  ['parts-differ', brightest(63, 253), brightest(63, 252)],
  ['small-class', { names: ['cat', 'dog'], labels: [0, 0, 1] }, { names: ['cat', 'dog'], labels: [0, 0, 1, 1] }],
  ['equal-images', again(10), again(9)],
])('%s is asked from where it is odd on, and not before', (code, odd, usual) => {
  const codes = (of: Case) => asked(of).map(([own]) => own)
  expect(codes(odd)).toEqual([code])
  expect(codes(usual)).toEqual([])
})

test('labels that say that there is none are counted, and left out if that is meant', () => {
  expect(asked({ names: ['cat', 'dog', 'unknown'], labels: [...inTurn(2), 2, 2, 2] })).toEqual([
    [
      'labels-missing',
      '3 images of 15 are of the class unknown, which may say that they have none.',
      { 'Leave these images out.': { missing: ['unknown'] }, 'It is a class like the others.': keep('labels-missing') },
    ],
  ])
})

test('several names in a label, and lists and records in text', () => {
  expect(asked({ names: ['cat', 'dog', 'cat|dog'], labels: inTurn(3) })).toEqual([
    [
      'odd-labels',
      'Labels name several classes at once (cat|dog): each combination would be a class of its own.',
      { 'They are the classes.': keep('odd-labels'), 'Leave these images out.': { missing: ['cat|dog'] } },
    ],
  ])
  expect(asked({ names: ["['cat']", "['dog']"], labels: inTurn(2) })).toEqual([
    [
      'odd-labels',
      "Labels are lists or records in text (['cat'], ['dog']): each that differs would be a class of its own.",
      { 'What is in them is the class.': { rename: { "['cat']": 'cat', "['dog']": 'dog' } }, 'They are the classes.': keep('odd-labels') },
    ],
  ])
})

test('names that are alike become the first of each', () => {
  expect(asked({ names: ['Cat', 'cat', 'dog', 'dog (2)'], labels: inTurn(4) })).toEqual([
    [
      'classes-alike',
      'Names of classes differ in case, blanks, dashes, zeros in front or letters that look alike, or are called copies: "Cat" and "cat", "dog" and "dog (2)".',
      {
        'They are different classes.': keep('classes-alike'),
        'They are the same: one class each.': { rename: { cat: 'Cat', 'dog (2)': 'dog' } },
      },
    ],
  ])
})

test('classes of one image, and of none that can be read', () => {
  expect(asked({ names: ['cat', 'dog', 'eel', 'fox'], labels: [...inTurn(2), 2], survey: { allSaid: true } })).toEqual([
    [
      'small-class',
      '1 class of 4 has a single image: eel.',
      { 'Keep them as classes.': keep('small-class'), 'Leave these images out.': { missing: ['eel'] } },
    ],
    [
      'small-class',
      '1 class of 4 has no image that can be read: fox.',
      { 'Leave these images out.': { missing: ['fox'] }, 'Keep them as classes.': keep('small-class') },
    ],
  ])
})

test('images that are almost black, and parts of other brightness', () => {
  const dark = { train: 100, validation: 90, test: 80 }
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2), survey: { dark: true }, brightest: dark })).toEqual([
    [
      'pixel-range',
      'No pixel is brighter than 100 of 255: the images would be almost black.',
      { '0 is black, 100 white.': { range: { from: 0, to: 100 } }, '0 is black, 255 white.': { range: { from: 0, to: 255 } } },
    ],
  ])
  const apart = { presplit: { train: 8, validation: 0, test: 4 }, brightest: { train: 255, validation: 0, test: 63 } }
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2), ...apart })).toEqual([
    [
      'parts-differ',
      'The brightest pixel is 255 in training, 63 in test: these parts are on different scales.',
      { 'They were taken so.': keep('parts-differ') },
    ],
  ])
})

test('images of one value, which may be transparent', () => {
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2), flat: 2, survey: { clear: 5 } })).toEqual([
    [
      'one-value',
      '2 of 12 images have one value throughout: nothing can be seen in them.',
      { 'Show black where they are transparent.': { background: 'black' }, 'Keep them.': keep('one-value') },
    ],
  ])
})

test('images that cannot be read and images without a label are told apart from those that were left out when asked', () => {
  const examples = [
    { name: 'a', reason: noLabel },
    { name: 'b', reason: labelSaysNone },
    { name: 'c', reason: 'it is damaged' },
  ]
  const unlabelled = { count: 1, first: 'a', asked: 2 }
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2), unreadable: { count: 6, examples }, unlabelled })).toEqual([
    ['unused-images', '3 of 18 images would not be part of the data set: c: it is damaged.', { 'Leave them out.': keep('unused-images') }],
    ['labels-missing', '1 of 18 images has no label (a): it would be left out.', { 'Leave them out.': keep('labels-missing') }],
  ])
})

test('images that are there twice, and in two classes', () => {
  const duplicates = { count: 6, acrossClasses: 6, acrossSplits: 0, examples: [['image 0', 'image 6'] as [string, string]] }
  const firstEqual = Uint32Array.from({ length: 12 }, (_, i) => i % 6)
  expect(asked({ names: ['cat', 'dog'], labels: inTurn(2), duplicates, firstEqual })).toEqual([
    [
      'equal-images',
      '6 of 12 images are equal to an earlier one (image 6 is image 0): the same files may be there twice.',
      { 'Keep each image once.': { equal: 'once' }, 'Keep them all.': keep('equal-images') },
    ],
    ['equal-across-classes', '6 of 12 images are equal to an image of another class.', { 'Keep them all.': keep('equal-across-classes') }],
  ])
})

test('a class that only test images have may be called otherwise for training', () => {
  const presplit = { train: 8, validation: 2, test: 4 }
  expect(asked({ names: ['cat', 'cats', 'dog'], labels: [...inTurn(2, 8).map((of) => of + 1), 1, 2, 0, 2, 0, 2], presplit })).toEqual([
    [
      'untrained-class',
      '1 of 3 classes has no image for training, and 2 for validation or test, of which no network could learn: cat.',
      {
        'They are called otherwise for training: cat is cats.': { rename: { cat: 'cats' } },
        'Leave these images out.': { missing: ['cat'] },
        'They are to be unknown to the networks.': keep('untrained-class'),
      },
    ],
  ])
})
