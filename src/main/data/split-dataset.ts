/**
 * Splits a data set's images into training, validation and test. Files that come apart (train, validation, test)
 * stay apart; what is missing is cut from the end of the training images. A cut is only fair if the
 * order is mixed: where it is not (files sorted by class), and wherever the test images too are cut off,
 * the images are first brought into a fixed random order. Validation and test images of their own are
 * mixed too where they are sorted: evaluations may look at the first so many.
 */
import { LabError } from '../../shared/errors.ts'
import { splitRange, type SplitSizes } from '../../shared/split.ts'
import { plural } from '../../shared/wording.ts'
import { shuffledOrder, shuffleSeed } from '../../shared/shuffle.ts'

export interface DatasetSplit {
  /** Places in the files' order (training, validation, test) of the images to keep, in their new order; null: all as they are. */
  order: Uint32Array | null
  split: SplitSizes
  /** What was done to the order, in words; null: nothing. */
  words: string | null
}

/** As it becomes, once equal images are left out where a person wants each once. */
export interface Dealt extends DatasetSplit {
  /** Before that. */
  asked: SplitSizes
}

/** Share and largest number of the training images that validate, where no validation images came. */
const validationShare = 1 / 12
const maxValidation = 5000

/**
 * @param labels of all images in the files' order: training, validation, test
 * @param came how many of each came apart; 0: none did
 * @param wanted how many of each the person wants; left out: all there are
 * @throws LabError `bad-input` when there are too few images to part, `invalid-argument` when more are wanted than there are
 */
export function splitDataset(labels: Uint8Array, presplit: SplitSizes, wanted?: SplitSizes): DatasetSplit {
  const split = wanted ?? suggest(presplit)
  const cutValidation = presplit.validation === 0 ? split.validation : 0
  const cutTest = presplit.test === 0 ? split.test : 0
  const taken = split.train + cutValidation + cutTest
  check(split, presplit, taken)

  const shuffled: string[] = []
  const shuffle = (name: string, count: number): Uint32Array => {
    shuffled.push(`the ${count} ${name} images`)
    return shuffledOrder(count, shuffleSeed)
  }
  const train = labels.subarray(0, presplit.train)
  const cut = presplit.train - split.train
  const mixes = cutTest > 0 || (cut > 0 && (isSorted(train) || !isMixed(train, cut)))
  const candidates = mixes ? shuffle('training', presplit.train) : ascending(presplit.train)
  /** Images that came apart, all of them or the first so many. */
  const apart = (name: 'validation' | 'test', start: number): Uint32Array => {
    const own = labels.subarray(start, start + presplit[name])
    const dropped = own.length - split[name]
    const order = isSorted(own) || (dropped > 0 && !isMixed(own, dropped)) ? shuffle(name, own.length) : ascending(own.length)
    return order.subarray(0, split[name]).map((place) => start + place)
  }
  const validation =
    presplit.validation > 0 ? apart('validation', presplit.train) : candidates.subarray(split.train, split.train + cutValidation)
  const test =
    presplit.test > 0 ? apart('test', presplit.train + presplit.validation) : candidates.subarray(split.train + cutValidation, taken)

  return describe(Uint32Array.from([...candidates.subarray(0, split.train), ...validation, ...test]), labels.length, split, shuffled)
}

/**
 * Each image once: of those that are equal, one for test is kept before one for validation, and that before one for training.
 * @param firstEqual of each image, the first that is equal to it
 */
export function onceEach({ order, split, words }: DatasetSplit, firstEqual: Uint32Array): DatasetSplit {
  const places = order ?? ascending(firstEqual.length)
  const taken = new Set<number>()
  const kept = { train: [] as number[], validation: [] as number[], test: [] as number[] }
  for (const part of ['test', 'validation', 'train'] as const) {
    const { from, count } = splitRange(split, part)
    for (const place of places.subarray(from, from + count)) {
      if (taken.has(firstEqual[place])) continue
      taken.add(firstEqual[place])
      kept[part].push(place)
    }
  }
  const dropped = places.length - taken.size
  if (dropped === 0) return { order, split, words }
  if (kept.train.length === 0 || (split.validation > 0 && kept.validation.length === 0))
    throw new LabError('bad-input', 'Without equal images none are left to train or to validate.', 'Keep all images, or give others.')
  const sentence = `${plural(dropped, 'image')} equal to another ${dropped === 1 ? 'was' : 'were'} left out`
  return {
    order: Uint32Array.from([...kept.train, ...kept.validation, ...kept.test]),
    split: { train: kept.train.length, validation: kept.validation.length, test: kept.test.length },
    words: words === null ? sentence : `${words}; ${sentence}`,
  }
}

function describe(order: Uint32Array, count: number, split: SplitSizes, shuffled: readonly string[]): DatasetSplit {
  const words: string[] = []
  if (shuffled.length > 0) words.push(`${shuffled.join(' and ')} were shuffled (Fisher-Yates, mulberry32, seed ${shuffleSeed})`)
  const dropped = count - order.length
  if (dropped > 0) words.push(`${plural(dropped, 'image')} that the split does not ask for ${dropped === 1 ? 'was' : 'were'} left out`)
  const asTheyAre = dropped === 0 && order.every((place, i) => place === i)
  return { order: asTheyAre ? null : order, split, words: words.length === 0 ? null : words.join('; ') }
}

/** All images, with what is missing cut from those for training. */
function suggest(presplit: SplitSizes): SplitSizes {
  const count = presplit.train
  const test = presplit.test > 0 ? presplit.test : Math.max(1, Math.round(count / 10))
  const cutTest = presplit.test > 0 ? 0 : test
  const cutValidation =
    presplit.validation > 0 ? 0 : presplit.test > 0 ? Math.max(1, Math.min(maxValidation, Math.round(count * validationShare))) : cutTest
  return { train: count - cutTest - cutValidation, validation: presplit.validation > 0 ? presplit.validation : cutValidation, test }
}

function check(split: SplitSizes, presplit: SplitSizes, taken: number): void {
  if (split.validation < 1)
    throw new LabError('invalid-argument', 'The split has no image for validation.', 'Ask for at least one: networks are judged by them.')
  if (split.train < 1)
    throw new LabError(
      'bad-input',
      `There ${presplit.train === 1 ? 'is' : 'are'} only ${plural(presplit.train, 'training image')}: too few to set some aside for validation.`,
      'Give more images.',
    )
  const found = Object.entries(presplit)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} for ${name === 'train' ? 'training' : name}`)
    .join(', ')
  const over =
    taken > presplit.train ||
    (presplit.validation > 0 && split.validation > presplit.validation) ||
    (presplit.test > 0 && split.test > presplit.test)
  if (!over) return
  throw new LabError(
    'invalid-argument',
    `The split asks for ${split.train} images for training, ${split.validation} for validation and ${split.test} for test, but there are ${found}.`,
    'Ask for fewer.',
  )
}

/** Whether each class is among the last `tail` labels about as often as among all: within half, or three standard deviations of chance. */
function isMixed(labels: Uint8Array, tail: number): boolean {
  const all = countLabels(labels)
  const last = countLabels(labels.subarray(labels.length - tail))
  return all.every((count, label) => {
    const expected = (count * tail) / labels.length
    return Math.abs(last[label] - expected) <= Math.max(expected / 2, 3 * Math.sqrt(expected))
  })
}

/** Whether neighbours are of one class much more often than chance would have it: half the changes of class, or fewer. */
function isSorted(labels: Uint8Array): boolean {
  const pairs = labels.length - 1
  let changes = 0
  for (let i = 0; i < pairs; i++) if (labels[i] !== labels[i + 1]) changes++
  // Two images drawn at random are of one class with probability sum n (n - 1) / N (N - 1).
  const same = countLabels(labels).reduce((sum, n) => sum + n * (n - 1), 0) / ((pairs + 1) * Math.max(1, pairs))
  return pairs > 0 && changes < (pairs * (1 - same)) / 2
}

function countLabels(labels: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0)
  for (const label of labels) counts[label]++
  return counts
}

function ascending(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i)
}
