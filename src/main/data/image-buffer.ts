/** All images as planned, in the order of their files, in one file on the disk; what was found on the way. */
import { hash } from 'node:crypto'
import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { ImportPlan, ImportPreview } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { badInput, errorText } from './bad-input.ts'
import { plural } from '../../shared/wording.ts'
import { throwIfCancelled } from './context.ts'
import type { ImportContext } from './context.ts'
import type { Split, SplitSizes } from '../../shared/split.ts'
import type { Survey, Unreadable } from './reader.ts'

/** Examples that are named, of duplicates and of what could not be read. */
const maxExamples = 100
/** Bytes gathered before they are written. */
const gathered = 4 << 20

export interface ImageBuffer {
  path: string
  plan: ImportPlan
  /** uint8, one label an image */
  labels: Uint8Array
  names: string[]
  /** Images of each part, in this order. */
  presplit: SplitSizes
  duplicates: ImportPreview['duplicates']
  unreadable: { count: number; examples: Unreadable[] }
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
  const path = join(scratch, 'pixels')
  const handle = await open(path, 'w+', 0o600).catch((error: unknown) => {
    throw diskFailure(scratch, error)
  })
  try {
    const buffer = await new Filling(survey, plan, handle, context).run(path)
    const grey = greyIfPossible && plan.channels === 3 && (await dropColour(handle, buffer.labels.length * size))
    if (!grey) return buffer
    return {
      ...buffer,
      plan: { ...plan, channels: 1 },
      notes: ['Every image is stored in colour, but all are grey: they are taken as grey.'],
    }
  } finally {
    await handle.close()
  }
}

class Filling {
  readonly #survey: Survey
  readonly #plan: ImportPlan
  readonly #handle: FileHandle
  readonly #context: ImportContext
  readonly #labels: Uint8Array
  readonly #names: string[] = []
  readonly #presplit: SplitSizes = { train: 0, validation: 0, test: 0 }
  readonly #first = new Map<string, number>()
  readonly #duplicates: ImportPreview['duplicates'] = { count: 0, acrossClasses: 0, acrossSplits: 0, examples: [] }
  readonly #splitOf: Split[] = []
  #buffer = Buffer.allocUnsafe(gathered)
  #buffered = 0
  #written = 0

  constructor(survey: Survey, plan: ImportPlan, handle: FileHandle, context: ImportContext) {
    this.#survey = survey
    this.#plan = plan
    this.#handle = handle
    this.#context = context
    this.#labels = new Uint8Array(survey.count)
  }

  async run(path: string): Promise<ImageBuffer> {
    const { count, unreadable: known, files, classNames } = this.#survey
    const unreadable = { count: known.length, examples: known.slice(0, maxExamples) }
    let done = 0
    for await (const picture of this.#survey.pictures(this.#plan, this.#context)) {
      throwIfCancelled(this.#context)
      if ('reason' in picture) {
        if (unreadable.count++ < maxExamples) unreadable.examples.push(picture)
      } else {
        this.#note(picture.name, picture.label, picture.split, picture.pixels)
        await this.#write(picture.pixels)
      }
      if (++done % 64 === 0 || done === count) this.#context.progress({ note: 'reading images', done, total: count })
    }
    await this.#flush()
    const kept = this.#names.length
    if (kept === 0) {
      const [first] = unreadable.examples
      throw badInput(files[0], `none of its ${plural(unreadable.count, 'image')} can be read (${first.name}: ${first.reason}).`)
    }
    const labels = this.#labels.slice(0, kept)
    const present = new Set(labels)
    const absent = classNames.filter((_, label) => !present.has(label))
    return {
      path,
      plan: this.#plan,
      labels,
      names: this.#names,
      presplit: this.#presplit,
      duplicates: this.#duplicates,
      unreadable,
      notes: absent.length === 0 ? [] : [`No image is of the class${absent.length === 1 ? '' : 'es'} ${absent.slice(0, 10).join(', ')}.`],
    }
  }

  #note(name: string, label: number, split: Split, pixels: Uint8Array): void {
    const index = this.#names.push(name) - 1
    this.#labels[index] = label
    this.#splitOf.push(split)
    this.#presplit[split]++
    const key = hash('md5', pixels, 'base64')
    const earlier = this.#first.get(key)
    if (earlier === undefined) {
      this.#first.set(key, index)
      return
    }
    const found = this.#duplicates
    found.count++
    if (this.#labels[earlier] !== label) found.acrossClasses++
    if (this.#splitOf[earlier] !== split) found.acrossSplits++
    if (found.examples.length < maxExamples) found.examples.push([this.#names[earlier], name])
  }

  async #write(pixels: Uint8Array): Promise<void> {
    if (this.#buffered + pixels.length > gathered) await this.#flush()
    this.#buffer.set(pixels, this.#buffered)
    this.#buffered += pixels.length
  }

  async #flush(): Promise<void> {
    try {
      await writeAll(this.#handle, this.#buffer.subarray(0, this.#buffered), this.#written)
    } catch (error) {
      throw diskFailure(this.#context.scratch, error)
    }
    this.#written += this.#buffered
    this.#buffered = 0
  }
}

/** Keeps one byte of three, where all three are equal everywhere. @returns whether they were; if not, nothing is changed */
async function dropColour(handle: FileHandle, bytes: number): Promise<boolean> {
  const stretch = 3 << 20
  const piece = new Uint8Array(stretch)
  const read = async (at: number) => (await handle.read(piece, 0, Math.min(stretch, bytes - at), at)).bytesRead
  for (let at = 0; at < bytes; at += stretch) {
    const got = await read(at)
    for (let i = 0; i < got; i += 3) if (piece[i] !== piece[i + 1] || piece[i + 1] !== piece[i + 2]) return false
  }
  for (let at = 0; at < bytes; at += stretch) {
    const got = await read(at)
    const grey = new Uint8Array(got / 3)
    for (let i = 0; i < grey.length; i++) grey[i] = piece[3 * i]
    await writeAll(handle, grey, at / 3)
  }
  await handle.truncate(bytes / 3)
  return true
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten
}

/** A full disk, or a folder that vanished, while writing beside the data sets. */
export function diskFailure(folder: string, error: unknown): LabError {
  if (error instanceof LabError) return error
  return new LabError(
    'disk',
    `Could not write in ${folder}: ${errorText(error)}.`,
    'Free some space on the disk of the data folder, or choose another.',
    { cause: error, settings: { dataDir: null } },
  )
}
