/** What speaks against the way in which files were read, whatever their format; readers add what only they can see. */
import type { Doubt, DoubtCode, ImportOptions } from '../../shared/import-options.ts'
import { leaksInWords, leaksOf } from '../../shared/deal.ts'
import {
  countClasses,
  equalAcrossSplits,
  listed,
  splitAnswers,
  untrainedClass,
  untrainedClasses,
  untrainedInWords,
  type ClassCounts,
} from '../../shared/split-doubts.ts'
import { editDistance } from '../../shared/edit-distance.ts'
import { splitNames, splits } from '../../shared/split.ts'
import { plural } from '../../shared/wording.ts'
import { labelSaysNone, noLabel, type ImageBuffer } from './image-buffer.ts'
import type { Survey } from './reader.ts'
import type { DatasetSplit } from './split-dataset.ts'

/** Names of folders that systems, web pages and programs make, and of archives and shards. */
const machineNames =
  /^([@#$].*|lost\+found|thumb(nail)?s?|docs?|static|assets|src|lib|node_modules|img|imgs|images?|pictures?|photos?|data|output|tmp|temp|unpacked|.*[-_.](shard[-_]?)?\d{5,}|shard.*|.*\.(tar|zip|gz|tgz|png|jpe?g|csv|npz))$/i

/** Fewer pixels are no picture. */
const leastPixels = 16
/** Parts whose brightest pixels differ by more are on different scales. */
const brightnessRatio = 4
/** Half the range of a byte. */
const halfRange = 128
/** Classes that an answer may name. */
const mostNamed = 100
/** From so large a share of images on, what is left out may be what was meant. */
const unusedShare = 0.1

/** A doubt that can only be answered by taking the files as they were read. */
export function acceptable(code: DoubtCode, message: string, words: string): Doubt {
  return { code, message, choices: [accepting(code, words)] }
}

/** The answer that takes the files as they were read. */
export function accepting(code: DoubtCode, words: string): Doubt['choices'][number] {
  return { words, options: { accept: [code] } }
}

/** What is not answered yet. */
export function unanswered(doubts: readonly Doubt[], { accept = [] }: ImportOptions): Doubt[] {
  return doubts.filter(({ code }) => !accept.includes(code))
}

export function generalDoubts(survey: Survey, buffer: ImageBuffer, dealt: DatasetSplit): Doubt[] {
  return [
    ...(survey.doubts ?? []),
    ...nameDoubts(survey.classNames),
    ...classDoubts(survey.classNames, buffer.labels),
    ...(survey.allSaid === true ? emptyDoubt(survey.classNames, buffer.labels) : []),
    ...labelDoubts(survey.classNames, buffer.labels, survey.labelColumn?.chosen ?? ''),
    ...unreadableDoubt(buffer),
    ...pixelDoubts(survey, buffer),
    ...equalDoubts(buffer, dealt),
    ...untrainedDoubt(survey.classNames, buffer.labels, dealt),
  ]
}

function nameDoubts(names: readonly string[]): Doubt[] {
  const doubts: Doubt[] = []
  const machine = names.filter((name) => machineNames.test(name))
  if (machine.length > 0)
    doubts.push(
      acceptable(
        'machine-names',
        `${machine.length === names.length ? 'All' : `${machine.length} of ${names.length}`} classes are called like folders of machines, or like archives: ${listed(machine)}.`,
        'They are the classes.',
      ),
    )
  const alike = new Map<string, string[]>()
  for (const name of names) {
    const plain = plainName(name)
    alike.set(plain, [...(alike.get(plain) ?? []), name])
  }
  // What a file manager calls a second copy: beside the first it is alike.
  for (const name of names) {
    const plain = plainName(name.replace(/([-_ ]+(copy|kopie|copie|copia))?([-_ ]*\(\d+\))?$/i, ''))
    const group = alike.get(plain)
    if (plain !== plainName(name) && group !== undefined) group.push(name)
  }
  const pairs = [...alike.entries()].filter(([plain, group]) => group.length > 1 && plain !== '').map(([, group]) => group)
  if (pairs.length > 0)
    doubts.push({
      code: 'classes-alike',
      message: `Names of classes differ in case, blanks, dashes, zeros in front or letters that look alike, or are called copies: ${listed(pairs.map((group) => group.map((name) => `"${name}"`).join(' and ')))}.`,
      choices: [
        accepting('classes-alike', 'They are different classes.'),
        {
          words: 'They are the same: one class each.',
          options: { rename: Object.fromEntries(pairs.flatMap(([first, ...others]) => others.map((name) => [name, first]))) },
        },
      ],
    })
  return doubts
}

function plainName(name: string): string {
  // The sign of a number is no dash.
  if (/^-\d/.test(name)) return name
  const plain = name
    .normalize('NFKC')
    .replace(/[\s_-]|\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/^0+(?=\d+$)/, '')
  // Alphabets have letters of their own that look alike.
  return plain.length < 2 ? plain : plain.replace(/\p{L}/gu, (letter) => lookAlikes.get(letter) ?? letter)
}

/** Cyrillic and Greek letters that look like Latin ones, small or large. */
const lookAlikes: ReadonlyMap<string, string> = new Map(
  [...'аaвbеeкkмmнhоoрpсcтtуyхxіiјjѕsοoαaνvρpτtκkεeιi'.matchAll(/(.)(.)/gu)].map(([, letter, latin]) => [letter, latin]),
)

/** What people and programs write where a label is missing. */
const noLabels =
  /^([-_ ]*(unlabell?ed|unlabel|un-?known|no[-_ ]?(label|class)|not[-_ ]?labell?ed|unclassified|undefined|none|null|nil|nan|n\/?a|missing|(\d+\.)?clutter|background_google)[-_ ]*|\?+|-+|-1|#N\/A)$/i

/** Labels that may say that there is none, or are no plain numbers. */
function labelDoubts(names: readonly string[], labels: Uint8Array, column: string): Doubt[] {
  const doubts: Doubt[] = []
  const missing = names.filter((name) => noLabels.test(name) && !(name === '-1' && names.length === 2))
  if (missing.length > 0) {
    const numbers = new Set(missing.map((name) => names.indexOf(name)))
    const count = labels.reduce((sum, label) => sum + (numbers.has(label) ? 1 : 0), 0)
    doubts.push({
      code: 'labels-missing',
      message: `${plural(count, 'image')} of ${labels.length} ${count === 1 ? 'is' : 'are'} of the class ${listed(missing)}, which may say that they have none.`,
      choices: [
        { words: 'Leave these images out.', options: { missing } },
        accepting('labels-missing', missing.length === 1 ? 'It is a class like the others.' : 'They are classes like the others.'),
      ],
    })
  }
  const several = names.filter((name) => isSeveral(name, names) || (severalNames.test(column) && /\S\s+\S/.test(name)))
  const combined = several.length > 0 ? several : combinations(names)
  if (combined.length > 0)
    doubts.push({
      code: 'odd-labels',
      message: `Labels name several classes at once (${listed(combined)}): each combination would be a class of its own.`,
      choices: [accepting('odd-labels', 'They are the classes.'), ...leavingOut(combined, names)],
    })
  const structured = names.filter((name) => /^(\[.*\]|\{.*\})$/s.test(name))
  if (structured.length > 0) {
    const plain = structured.map((name) => [name, onlyText(name)] as const)
    const named = plain.every(([, text]) => text !== null)
    doubts.push({
      code: 'odd-labels',
      message: `Labels are lists or records in text (${listed(structured)}): each that differs would be a class of its own.`,
      choices: [
        ...(named && new Set(plain.map(([, text]) => text)).size > 1
          ? [{ words: 'What is in them is the class.', options: { rename: Object.fromEntries(plain) as Record<string, string> } }]
          : []),
        accepting('odd-labels', 'They are the classes.'),
      ],
    })
  }
  const numbers = names.filter((name) => !missing.includes(name) && name.trim() !== '').map(Number)
  const fractions = numbers.filter((value) => value % 1 !== 0)
  const whole = numbers.every(Number.isSafeInteger)
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  const second = Math.max(...numbers.filter((value) => value < most))
  if (numbers.length > 0 && !numbers.some(Number.isNaN) && fractions.length > 0)
    doubts.push(
      acceptable(
        'odd-labels',
        `Labels are fractions (${listed(names)}): that is what measures look like, not classes.`,
        'They are the classes.',
      ),
    )
  else if (numbers.length > 1 && whole && ((least < 0 && numbers.length > 2) || most - least + 1 >= 2 * numbers.length))
    doubts.push({
      code: 'odd-labels',
      message: `Labels are numbers far apart (${listed(names)}): some may say that there is none.`,
      choices: [
        accepting('odd-labels', 'They are the classes.'),
        ...(most - second + 1 > numbers.length ? leavingOut([String(most)], names) : []),
      ],
    })
  return doubts
}

/** Columns whose cells hold several names with blanks between. */
const severalNames = /(^|[-_ ])(tags|attributes|findings|keywords|concepts)$/i

/** Names with commas or bars in them, whose parts come again in others: all classes that an image has. */
function combinations(names: readonly string[]): string[] {
  for (const between of [/\s*\|\s*/, /\s*;\s*/, /\s*,\s*/]) {
    const parts = names.map((name) => [...new Set(name.trim().split(between))])
    const counts = new Map<string, number>()
    for (const part of parts.flat()) counts.set(part, (counts.get(part) ?? 0) + 1)
    const found = names.filter((_, i) => parts[i].length > 1 && parts[i].every((part) => counts.get(part)! > 1))
    if (found.length > 1) return found
  }
  return []
}

/** The one text in a list or record as JSON or Python writes it; null: it holds others, or several. */
function onlyText(name: string): string | null {
  const texts = [...name.matchAll(/"([^"]*)"|'([^']*)'/g)].filter(({ index, 0: all }) => !/^\s*:/.test(name.slice(index + all.length)))
  const rest = name.replace(/"[^"]*"|'[^']*'/g, '').replace(/[[\]{}:,\s]/g, '')
  const [one] = texts
  return texts.length === 1 && rest === '' ? one[1] || one[2] || null : null
}

/** Whether a name is made of names of other classes, with blanks, commas or bars between. */
function isSeveral(name: string, names: readonly string[]): boolean {
  return [/\s*[,;|]\s*/, /\s+/].some((between) => {
    const parts = name.trim().split(between)
    return parts.length > 1 && parts.every((part) => part !== name && names.includes(part))
  })
}

function classDoubts(names: readonly string[], labels: Uint8Array): Doubt[] {
  const counts = new Array<number>(names.length).fill(0)
  for (const label of labels) counts[label]++
  const single = names.filter((_, label) => counts[label] === 1)
  if (single.length === 0) return []
  return [
    {
      code: 'small-class',
      message: `${plural(single.length, 'class', 'classes')} of ${names.length} ${single.length === 1 ? 'has' : 'have'} a single image: ${listed(single)}.`,
      choices: [accepting('small-class', 'Keep them as classes.'), ...leavingOut(single, names)],
    },
  ]
}

/** Classes of which images were given, and none could be read. */
function emptyDoubt(names: readonly string[], labels: Uint8Array): Doubt[] {
  const there = new Set(labels)
  const empty = names.filter((_, label) => !there.has(label))
  if (empty.length === 0) return []
  return [
    {
      code: 'small-class',
      message: `${plural(empty.length, 'class', 'classes')} of ${names.length} ${empty.length === 1 ? 'has' : 'have'} no image that can be read: ${listed(empty)}.`,
      choices: [...leavingOut(empty, names), accepting('small-class', 'Keep them as classes.')],
    },
  ]
}

function pixelDoubts({ sizes, clear = 0, dark: unlooked = false }: Survey, { flat, labels, brightest, presplit }: ImageBuffer): Doubt[] {
  const doubts: Doubt[] = []
  const tiny = sizes.filter(({ height, width }) => height * width < leastPixels)
  if (tiny.length > 0) {
    const [{ height, width, channels }] = tiny
    doubts.push(
      acceptable(
        'tiny-images',
        `Images have ${height} x ${width} pixels of ${plural(channels, 'channel')}.`,
        'They are pictures of that size.',
      ),
    )
  }
  if (flat > 0 && 10 * flat >= labels.length)
    doubts.push({
      code: 'one-value',
      message: `${flat} of ${plural(labels.length, 'image')} have one value throughout: nothing can be seen in them.`,
      choices: [
        ...(clear === 0 ? [] : [{ words: 'Show black where they are transparent.', options: { background: 'black' as const } }]),
        accepting('one-value', 'Keep them.'),
      ],
    })
  const top = Math.max(...splits.map((split) => brightest[split]))
  // A picture hardly ever ends in the lower half of its range.
  if (unlooked && top > 0 && top < halfRange)
    doubts.push({
      code: 'pixel-range',
      message: `No pixel is brighter than ${top} of 255: the images would be almost black.`,
      choices: [
        { words: `0 is black, ${top} white.`, options: { range: { from: 0, to: top } } },
        { words: '0 is black, 255 white.', options: { range: { from: 0, to: 255 } } },
      ],
    })
  const parts = splits.filter((split) => presplit[split] > 0)
  const most = Math.max(...parts.map((split) => brightest[split]))
  const dark = parts.filter((split) => brightest[split] * brightnessRatio < most)
  if (dark.length > 0)
    doubts.push(
      acceptable(
        'parts-differ',
        `The brightest pixel is ${parts.map((split) => `${brightest[split]} in ${splitNames[split]}`).join(', ')}: these parts are on different scales.`,
        'They were taken so.',
      ),
    )
  return doubts
}

/** Images that are equal across splits once these are dealt, and across classes. */
function equalDoubts({ firstEqual, labels, names, duplicates }: ImageBuffer, { order, split }: DatasetSplit): Doubt[] {
  const doubts: Doubt[] = []
  const leaks = leaksOf(firstEqual, order, split)
  const kept = order === null ? firstEqual : order.map((place) => firstEqual[place])
  const again = kept.length - new Set(kept).size
  if (leaks.first !== null)
    doubts.push({
      code: equalAcrossSplits,
      message: leaksInWords(leaks, split, names[leaks.first]),
      choices: [
        { words: 'Keep each image once, in test before validation before training.', options: { equal: 'once' } },
        accepting(equalAcrossSplits, splitAnswers[equalAcrossSplits].words),
      ],
    })
  // A folder within itself, or an archive unpacked twice.
  else if (2 * again >= kept.length)
    doubts.push({
      code: 'equal-images',
      message: `${again} of ${plural(kept.length, 'image')} are equal to an earlier one (${duplicates.examples[0][1]} is ${duplicates.examples[0][0]}): the same files may be there twice.`,
      choices: [{ words: 'Keep each image once.', options: { equal: 'once' } }, accepting('equal-images', 'Keep them all.')],
    })
  if (duplicates.acrossClasses > 0)
    doubts.push(
      acceptable(
        'equal-across-classes',
        `${duplicates.acrossClasses} of ${plural(labels.length, 'image')} are equal to an image of another class.`,
        'Keep them all.',
      ),
    )
  return doubts
}

/** The answer that leaves the images of some classes out, where two others are left. */
function leavingOut(some: readonly string[], names: readonly string[]): Doubt['choices'] {
  if (some.length > mostNamed || names.length - some.length < 2) return []
  return [{ words: 'Leave these images out.', options: { missing: [...some] } }]
}

/** Classes that are judged and not learned. */
function untrainedDoubt(names: readonly string[], labels: Uint8Array, { order, split }: DatasetSplit): Doubt[] {
  const counts = countClasses(labels, names.length, order, split)
  const message = untrainedInWords(names, counts)
  if (message === null) return []
  const untrained = untrainedClasses(names, counts)
  return [
    {
      code: untrainedClass,
      message,
      choices: [
        ...spelledOtherwise(names, untrained, counts),
        ...leavingOut(untrained, names),
        accepting(untrainedClass, splitAnswers[untrainedClass].words),
      ],
    },
  ]
}

/** The answer that takes classes for those that are trained, are not where these are, and are spelled almost so: `cat` for `cats`, `gray` for `grey`. */
function spelledOtherwise(names: readonly string[], untrained: readonly string[], counts: ClassCounts): Doubt['choices'] {
  const apart = (one: number, other: number) =>
    counts.train[other] > 0 && splits.every((part) => counts[part][one] === 0 || counts[part][other] === 0)
  const pairs = untrained.map(
    (name) => [name, names.filter((other, at) => apart(names.indexOf(name), at) && areAlmostAlike(name, other))] as const,
  )
  if (pairs.some(([, others]) => others.length !== 1)) return []
  const words = pairs.map(([name, [other]]) => `${name} is ${other}`)
  return [
    {
      words: `They are called otherwise for training: ${listed(words)}.`,
      options: { rename: Object.fromEntries(pairs.map(([name, [other]]) => [name, other])) },
    },
  ]
}

/** Whether words differ by one letter, or two in long ones, or by what makes a plural; numbers never do. */
function areAlmostAlike(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => plainName(name).replace(/ies$/, 'y').replace(/e?s$/, ''))
  if (/\d/.test(a + b)) return a === b && one !== other
  return a === b || (Math.min(a.length, b.length) > 3 && editDistance(a, b) <= (Math.min(a.length, b.length) > 6 ? 2 : 1))
}

/** For readers that leave images out. @param left how many, of `all` @param what they are, in words, with an example */
export function unusedDoubt(left: number, all: number, what: string): Doubt[] {
  if (left < unusedShare * all) return []
  return [acceptable('unused-images', `${left} of ${plural(all, 'image')} would not be part of the data set: ${what}.`, 'Leave them out.')]
}

/** A file that is damaged is no matter; where many are, they are read wrongly. */
function unreadableDoubt({ unreadable: { count, examples }, unlabelled, labels }: ImageBuffer): Doubt[] {
  const all = labels.length + count
  const damaged = count - unlabelled.count - unlabelled.asked
  const first = examples.find(({ reason }) => !reason.startsWith(noLabel) && !reason.startsWith(labelSaysNone))
  const doubts = first === undefined || damaged === 0 ? [] : unusedDoubt(damaged, all, `${first.name}: ${first.reason}`)
  if (unlabelled.count === 0) return doubts
  const [have, they] = unlabelled.count === 1 ? ['has', 'it'] : ['have', 'they']
  return [
    ...doubts,
    acceptable(
      'labels-missing',
      `${unlabelled.count} of ${plural(all, 'image')} ${have} no label (${unlabelled.first}): ${they} would be left out.`,
      'Leave them out.',
    ),
  ]
}
