/** All images as planned, in the order of their files, in one file on the disk; what was found on the way. */
import { hash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportPlan, ImportPreview } from '../../shared/dataset-import.ts'
import type { LabError } from '../../shared/errors.ts'
import type { Split, SplitSizes } from '../../shared/split.ts'
import { plural } from '../../shared/wording.ts'
import { AppendFile } from './append-file.ts'
import { badInput } from './bad-input.ts'
import { throwIfCancelled, type ImportContext } from './context.ts'
import type { Picture, Survey, Unreadable } from './reader.ts'

/** Examples that are named, of duplicates and of what could not be read. */
const maxExamples = 100

/** How the reasons begin for which images without a label are left out: they have none, or one that says so, as the person said. */
export const noLabel = 'it has no label'
export const labelSaysNone = 'its label says that it has none'

export interface ImageBuffer {
  path: string
  plan: ImportPlan
  /** uint8, one label an image */
  labels: Uint8Array
  names: string[]
  /** Images of each part, in this order. */
  presplit: SplitSizes
  /** Of each image, the first that is equal to it: itself, mostly. */
  firstEqual: Uint32Array
  /** Largest byte of each part's images. */
  brightest: SplitSizes
  /** Images with one value throughout. */
  flat: number
  duplicates: ImportPreview['duplicates']
  unreadable: { count: number; examples: Unreadable[] }
  /** Of these, images without a label: how many, and the first; and those that were left out for that as was asked. */
  unlabelled: { count: number; first: string; asked: number }
  /** What a person should know. */
  notes: string[]
}

/**
 * Reads all pixels.
 * @param greyIfPossible drop the colour channels when every pixel of every image is grey
 * @throws LabError `bad-input` when there are too many, or none can be read
 */
export async function fillImageBuffer(
  survey: Survey,
  plan: ImportPlan,
  greyIfPossible: boolean,
  context: ImportContext,
): Promise<ImageBuffer> {
  const { limits, scratch } = context
  const size = plan.height * plan.width * plan.channels
  if (survey.count > limits.images || survey.count * size > limits.datasetBytes)
    throw badInput(
      survey.files[0],
      `${plural(survey.count, 'image')} of ${plan.height} x ${plan.width} x ${plan.channels} are ${survey.count * size} bytes; at most ${limits.images} images and ${limits.datasetBytes} bytes are kept.`,
      'Choose a smaller size, grey instead of colour, or give fewer images.',
    )
  const file = await AppendFile.create(join(scratch, 'pixels'))
  try {
    const tally = new Tally(survey)
    let isGrey = greyIfPossible && plan.channels === 3
    let done = 0
    for await (const picture of survey.pictures(plan, context)) {
      throwIfCancelled(context)
      tally.add(picture)
      if (!('reason' in picture)) {
        isGrey &&= allGrey(picture.pixels)
        await file.append(picture.pixels)
      }
      if (++done % 64 === 0 || done === survey.count) context.progress({ note: 'reading images', done, total: survey.count })
    }
    await file.flush()
    const found = tally.found()
    if (!isGrey) return { ...found, path: file.path, plan }
    const note = 'Every image is stored in colour, but all are grey: they are taken as grey.'
    const path = await withoutColour(file, join(scratch, 'grey'))
    return { ...found, path, plan: { ...plan, channels: 1 }, notes: [...found.notes, note] }
  } finally {
    await file.close()
  }
}

/** What is noted of each image on the way. */
class Tally {
  readonly #survey: Survey
  readonly #labels: Uint8Array
  readonly #names: string[] = []
  readonly #splits: Split[] = []
  readonly #presplit: SplitSizes = { train: 0, validation: 0, test: 0 }
  readonly #first = new Map<string, number>()
  readonly #firstEqual: number[] = []
  readonly #brightest: SplitSizes = { train: 0, validation: 0, test: 0 }
  #flat = 0
  readonly #duplicates: ImportPreview['duplicates'] = { count: 0, acrossClasses: 0, acrossSplits: 0, examples: [] }
  readonly #unreadable: ImageBuffer['unreadable']
  readonly #unlabelled: ImageBuffer['unlabelled'] = { count: 0, first: '', asked: 0 }

  constructor(survey: Survey) {
    const { count, unreadable } = survey
    this.#survey = survey
    this.#labels = new Uint8Array(count)
    this.#unreadable = { count: unreadable.length, examples: unreadable.slice(0, maxExamples) }
    for (const one of unreadable) this.#noteLabel(one)
  }

  add(picture: Picture | Unreadable): void {
    if ('reason' in picture) {
      if (this.#unreadable.count++ < maxExamples) this.#unreadable.examples.push(picture)
      this.#noteLabel(picture)
      return
    }
    const { name, label, split, pixels } = picture
    const index = this.#names.push(name) - 1
    this.#labels[index] = label
    this.#splits.push(split)
    this.#presplit[split]++
    const key = hash('md5', pixels, 'base64')
    const earlier = this.#first.get(key)
    this.#firstEqual.push(earlier ?? index)
    let [least, most] = [255, 0]
    for (const value of pixels) {
      if (value < least) least = value
      if (value > most) most = value
    }
    if (least === most) this.#flat++
    this.#brightest[split] = Math.max(this.#brightest[split], most)
    if (earlier === undefined) {
      this.#first.set(key, index)
      return
    }
    const found = this.#duplicates
    found.count++
    if (this.#labels[earlier] !== label) found.acrossClasses++
    if (this.#splits[earlier] !== split) found.acrossSplits++
    if (found.examples.length < maxExamples) found.examples.push([this.#names[earlier], name])
  }

  #noteLabel({ name, reason }: Unreadable): void {
    if (reason.startsWith(labelSaysNone)) this.#unlabelled.asked++
    else if (reason.startsWith(noLabel) && this.#unlabelled.count++ === 0) this.#unlabelled.first = name
  }

  /** @throws LabError `bad-input` when no image could be read */
  found(): Omit<ImageBuffer, 'path' | 'plan'> {
    const { files, classNames } = this.#survey
    const names = this.#names
    const unreadable = this.#unreadable
    if (names.length === 0) throw noneReadable(files[0], unreadable.count, unreadable.examples[0])
    const labels = this.#labels.slice(0, names.length)
    const present = new Set(labels)
    const absent = classNames.filter((_, label) => !present.has(label))
    const notes =
      absent.length === 0 ? [] : [`No image is of the class${absent.length === 1 ? '' : 'es'} ${absent.slice(0, 10).join(', ')}.`]
    const seen = { firstEqual: Uint32Array.from(this.#firstEqual), brightest: this.#brightest, flat: this.#flat }
    return {
      labels,
      names,
      presplit: this.#presplit,
      ...seen,
      duplicates: this.#duplicates,
      unreadable,
      unlabelled: this.#unlabelled,
      notes,
    }
  }
}

/** For when no image of a data set can be read. */
export function noneReadable(file: string, count: number, { name, reason }: Unreadable): LabError {
  return badInput(
    file,
    `none of its ${plural(count, 'image')} can be read (${name}: ${reason}).`,
    'Fetch what is damaged again; turn images of other kinds into PNG of 8 or 16 bits.',
  )
}

/** Whether three bytes each are equal. */
function allGrey(pixels: Uint8Array): boolean {
  for (let i = 0; i < pixels.length; i += 3) if (pixels[i] !== pixels[i + 1] || pixels[i + 1] !== pixels[i + 2]) return false
  return true
}

/** One byte of three, in a file of its own that takes the place of the other. @returns its path */
async function withoutColour(file: AppendFile, path: string): Promise<string> {
  const grey = await AppendFile.create(path)
  try {
    const piece = new Uint8Array(3 << 20)
    for (let at = 0; at < file.size; at += piece.length) {
      const got = (await file.read(piece, at)) / 3
      for (let i = 0; i < got; i++) piece[i] = piece[3 * i]
      await grey.append(piece.subarray(0, got))
    }
    await grey.flush()
    await rm(file.path)
    return path
  } finally {
    await grey.close()
  }
}
