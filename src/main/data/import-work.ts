/**
 * One import, from paths to a data set: what is named is listed and unpacked once, looked through once
 * for each way to look at it, and its pixels read once for each plan; previews and the data set itself
 * come from there.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportOptions, ImportPreview, StagedDataset } from '../../shared/dataset-import.ts'
import { chooseReader, type Choice } from './choose-reader.ts'
import type { ImportContext } from './context.ts'
import { onceEach, splitDataset, type DatasetSplit, type Dealt } from './split-dataset.ts'
import { describePlan, makePlan } from './plan.ts'
import { fillImageBuffer, labelSaysNone, noneReadable, type ImageBuffer } from './image-buffer.ts'
import { unanswered } from './doubts.ts'
import { generalDoubts } from './general-doubts/general-doubts.ts'
import { checkClasses, sortNames } from './classes.ts'
import { makeOutcome, makePreview, readingsOf } from './preview.ts'
import type { Survey } from './reader.ts'
import { stage } from './stage.ts'
import { withAnswer, type Doubt, type DoubtCode } from '../../shared/import-options.ts'
import type { DoubtOutcome, PreviewDoubt } from '../../shared/import-preview.ts'
import { openTree, type Tree } from './tree/open-tree.ts'
import { plainName } from '../../shared/names.ts'
import { LabError } from '../../shared/errors.ts'
import { countClasses, listed, unjudgedInWords, untrainedClass, untrainedInWords } from '../../shared/split-doubts.ts'
import { splits } from '../../shared/split.ts'
import { plural } from '../../shared/wording.ts'

/** Characters that are kept about files not used. */
const maxWords = 2000

interface Cached<T> {
  key: string
  value: T
}

export class ImportWork {
  readonly #paths: readonly string[]
  #tree: Cached<Tree> | null = null
  #choice: Cached<Choice> | null = null
  #survey: Cached<Survey> | null = null
  #buffer: Cached<ImageBuffer> | null = null

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** @throws LabError `bad-input`, `not-found`, `disk`, `cancelled`, `invalid-argument` */
  async preview(options: ImportOptions, context: ImportContext): Promise<ImportPreview> {
    const began = performance.now()
    const { choice, survey, buffer, notes } = await this.#read(options, context)
    const dealtSplit = deal(buffer, options)
    const doubts = unanswered(generalDoubts(survey, buffer, dealtSplit), options)
    const took = performance.now() - began
    return makePreview(choice.reader.format, survey, buffer, dealtSplit, {
      doubts: await withOutcomes(doubts, { choice, survey, buffer }, options, took, context),
      notes: [...notes, ...classNotes(survey.classNames, buffer.labels, dealtSplit, options.accept ?? [])],
    })
  }

  /**
   * Writes `images.u8` and `labels.u8` into a folder.
   * @throws LabError as `preview`, and `doubtful` where a doubt is not answered
   */
  async build(options: ImportOptions, folder: string, context: ImportContext): Promise<StagedDataset> {
    const { choice, survey, buffer, aside } = await this.#read(options, context)
    const dealtSplit = deal(buffer, options)
    const doubts = unanswered(generalDoubts(survey, buffer, dealtSplit), options)
    if (doubts.length > 0)
      throw new LabError('doubtful', doubts.map(({ message }) => message).join(' '), 'Look at the preview, and answer what it asks.')
    const count = await stage(buffer, dealtSplit, folder, context)
    const { height, width, channels } = buffer.plan
    const { words } = describePlan(survey.sizes, buffer.plan)
    const dropped = buffer.unreadable.count
    const changes = [
      ...(words === null ? [] : [words]),
      ...(dropped === 0 ? [] : [`${plural(dropped, 'image')} that could not be read left out`]),
    ]
    return {
      count,
      height,
      width,
      channels,
      classes: survey.classNames.length,
      classNames: survey.classNames.map(plainName),
      suggestedSplit: dealtSplit.split,
      source: {
        format: choice.reader.format,
        files: survey.files,
        order: dealtSplit.words,
        ...(changes.length === 0 ? {} : { changes: changes.join('; ') }),
        ...(aside.length === 0 ? {} : { leftAside: inShort(aside) }),
        readings: readingsOf(survey, buffer),
        ...(Object.keys(options).length === 0 ? {} : { options }),
      },
    }
  }

  async close(): Promise<void> {
    await this.#tree?.value.close()
    this.#tree = null
  }

  async #read(
    options: ImportOptions,
    context: ImportContext,
  ): Promise<{ choice: Choice; survey: Survey; buffer: ImageBuffer; aside: string[]; notes: string[] }> {
    const { encoding } = options
    // Names in archives may be in it.
    const reopens =
      this.#tree !== null && this.#tree.key !== (encoding ?? '') && (this.#tree.key !== '' || this.#tree.value.doubts.length > 0)
    if (this.#tree === null || reopens) {
      await this.close()
      this.#choice = null
      this.#tree = { key: encoding ?? '', value: await openTree(this.#paths, context, encoding) }
    }
    const tree = this.#tree.value
    // What is left out decides which tables belong to the rest.
    const choiceKey = JSON.stringify(options.leaveOut ?? [])
    if (this.#choice?.key !== choiceKey) {
      this.#survey = null
      this.#choice = { key: choiceKey, value: await chooseReader(tree, options, context) }
    }
    const choice = this.#choice.value
    const { size, colour, fit } = options
    const surveyKey = JSON.stringify(readingOptions(options))
    if (this.#survey?.key !== surveyKey) {
      this.#buffer = null
      this.#survey = {
        key: surveyKey,
        value: asChosen(await choice.reader.survey(choice.files, options, context), options, choice.doubts),
      }
    }
    const survey = this.#survey.value
    if (survey.sizes.length === 0) throw noneReadable(survey.files[0], survey.unreadable.length, survey.unreadable[0])
    const bufferKey = JSON.stringify({ size, colour, fit })
    if (this.#buffer?.key !== bufferKey) {
      this.#buffer = null // its file is about to be written over
      const plan = makePlan(survey.sizes, options)
      this.#buffer = { key: bufferKey, value: await fillImageBuffer(survey, plan, colour === undefined, context) }
    }
    const buffer = this.#buffer.value
    const aside = [...choice.notes, ...(survey.aside ?? [])]
    return { choice, survey, buffer, aside, notes: [...tree.notes, ...aside, ...survey.notes, ...buffer.notes] }
  }
}

/** Those that change what the files are read as. */
function readingOptions({
  size: _size,
  colour: _colour,
  fit: _fit,
  split: _split,
  equal: _equal,
  accept: _accept,
  ...rest
}: ImportOptions): ImportOptions {
  return rest
}

/**
 * Each answer that changes the images or their classes, with what it makes of them; as many as the time allows.
 * @param took milliseconds that reading the files took
 */
async function withOutcomes(
  doubts: readonly Doubt[],
  { choice, survey, buffer }: { choice: Choice; survey: Survey; buffer: ImageBuffer },
  options: ImportOptions,
  took: number,
  context: ImportContext,
): Promise<PreviewDoubt[]> {
  const until = performance.now() + context.limits.answersTime
  const found: PreviewDoubt[] = []
  const scratch = join(context.scratch, 'answers')
  try {
    for (const doubt of doubts) {
      const choices: PreviewDoubt['choices'] = []
      for (const one of doubt.choices) {
        // What names in archives are is seen once these are opened anew.
        const changes = !choice.doubts.includes(doubt) && Object.keys(readingOptions(one.options)).length > 0
        const answered = withAnswer(options, one.options)
        const outcome =
          changes && performance.now() + took < until
            ? await outcomeOf(choice, answered, { ...context, scratch })
            : one.options.equal === 'once'
              ? await orNull(() => makeOutcome(survey, buffer, deal(buffer, answered)))
              : null
        choices.push(outcome === null ? one : { ...one, outcome })
      }
      found.push({ ...doubt, choices })
    }
    return found
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** @returns null: nothing can be read that way */
function outcomeOf(choice: Choice, options: ImportOptions, context: ImportContext): Promise<DoubtOutcome | null> {
  return orNull(async () => {
    await mkdir(context.scratch, { recursive: true })
    const survey = asChosen(await choice.reader.survey(choice.files, options, context), options, [])
    if (survey.sizes.length === 0) return null
    const buffer = await fillImageBuffer(survey, makePlan(survey.sizes, options), options.colour === undefined, context)
    return makeOutcome(survey, buffer, deal(buffer, options))
  })
}

/** @returns null: the answer cannot be taken by itself, which the person hears when giving it */
async function orNull(make: () => Promise<DoubtOutcome | null>): Promise<DoubtOutcome | null> {
  try {
    return await make()
  } catch (error) {
    if (error instanceof LabError && error.code !== 'cancelled') return null
    throw error
  }
}

/** Classes as the person wants them: under other names; images of those that say that there is none left out, each with that reason. */
function asChosen(read: Survey, { missing = [], rename = {} }: ImportOptions, doubts: readonly Doubt[]): Survey {
  const survey = { ...read, doubts: [...doubts, ...(read.doubts ?? [])] }
  const stranger = Object.keys(rename).find((name) => !survey.classNames.includes(name))
  if (stranger !== undefined)
    throw new LabError(
      'invalid-argument',
      `No class is called ${stranger}, so it cannot be given another name.`,
      `Name one of ${survey.classNames.slice(0, 20).join(', ')}.`,
    )
  const renamed = survey.classNames.map((name) => rename[name] ?? name)
  const classNames = sortNames(new Set(renamed.filter((name) => !missing.includes(name))))
  if (classNames.length === survey.classNames.length && Object.keys(rename).length === 0) return survey
  const places = renamed.map((name) => classNames.indexOf(name))
  checkClasses(classNames, survey.files[0], 'Keep one more of the labels.')
  return {
    ...survey,
    classNames,
    async *pictures(plan, running) {
      for await (const one of survey.pictures(plan, running)) {
        if ('reason' in one) yield one
        else if (places[one.label] < 0) yield { name: one.name, reason: `${labelSaysNone} (${renamed[one.label]})` }
        else yield { ...one, label: places[one.label] }
      }
    },
  }
}

function deal(buffer: ImageBuffer, { split, equal }: ImportOptions): Dealt {
  const dealt = splitDataset(buffer.labels, buffer.presplit, split)
  return { ...(equal === 'once' ? onceEach(dealt, buffer.firstEqual) : dealt), asked: dealt.split }
}

/** Long lists of files not used are cut: the preview has them whole. */
function inShort(sentences: readonly string[]): string {
  const words = sentences.join(' ')
  return words.length > maxWords ? `${words.slice(0, maxWords - 4)} ...` : words
}

/** Classes that a part has nothing of; where a person has accepted that some have nothing to learn from, these too. */
function classNotes(names: readonly string[], labels: Uint8Array, { order, split }: DatasetSplit, accept: readonly DoubtCode[]): string[] {
  const counts = countClasses(labels, names.length, order, split)
  const there = new Set(labels)
  const gone = names.filter((_, label) => there.has(label) && splits.every((part) => counts[part][label] === 0))
  const untrained = accept.includes(untrainedClass) ? untrainedInWords(names, counts) : null
  return [
    ...(gone.length === 0
      ? []
      : [`No image of the split is of the class${gone.length === 1 ? '' : 'es'} ${listed(gone)}: ask for more images.`]),
    ...(untrained === null ? [] : [untrained]),
    ...unjudgedInWords(names, counts),
  ]
}
