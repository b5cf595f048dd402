/**
 * One import, from paths to a data set: what is named is listed and unpacked once, looked through once
 * for each way to look at it, and its pixels read once for each plan; previews and the data set itself
 * come from there.
 */
import type { ImportOptions, ImportPreview, StagedDataset } from '../../shared/dataset-import.ts'
import { chooseReader } from './choose-reader.ts'
import type { Choice } from './choose-reader.ts'
import type { ImportContext } from './context.ts'
import { deal } from './split-dataset.ts'
import type { Dealt } from './split-dataset.ts'
import { describePlan, makePlan } from './plan.ts'
import { fillPool } from './image-buffer.ts'
import type { Pool } from './image-buffer.ts'
import { makePreview } from './preview.ts'
import type { Survey } from './reader.ts'
import { stage } from './stage.ts'
import { openTree } from './tree/open-tree.ts'
import type { Tree } from './tree/open-tree.ts'
import { bad, counted } from './bad-input.ts'

/** Characters that are kept about files left aside. */
const mostWords = 2000

interface Kept<T> {
  key: string
  value: T
}

export class ImportWork {
  readonly #paths: readonly string[]
  #opened: { tree: Tree; choice: Choice } | null = null
  #survey: Kept<Survey> | null = null
  #pool: Kept<Pool> | null = null

  constructor(paths: readonly string[]) {
    this.#paths = paths
  }

  /** @throws LabError `bad-input`, `not-found`, `disk`, `cancelled`, `wrong-use` */
  async preview(options: ImportOptions, context: ImportContext): Promise<ImportPreview> {
    const { choice, survey, pool, notes } = await this.#read(options, context)
    const dealt = deal(pool.labels, pool.came, options.split)
    return makePreview(choice.reader.format, survey, pool, dealt, [...notes, ...untrained(survey.classNames, pool.labels, dealt)])
  }

  /**
   * Writes `images.u8` and `labels.u8` into a folder.
   * @throws LabError as `preview`
   */
  async build(options: ImportOptions, folder: string, context: ImportContext): Promise<StagedDataset> {
    const { choice, survey, pool, aside } = await this.#read(options, context)
    const dealt = deal(pool.labels, pool.came, options.split)
    const count = await stage(pool, dealt, folder, context)
    const { height, width, channels } = pool.plan
    const { words } = describePlan(survey.sizes, pool.plan)
    const dropped = pool.unreadable.count
    const changes = [
      ...(words === null ? [] : [words]),
      ...(dropped === 0 ? [] : [`${counted(dropped, 'image')} that could not be read left out`]),
    ]
    return {
      count,
      height,
      width,
      channels,
      classes: survey.classNames.length,
      classNames: survey.classNames,
      suggestedSplit: dealt.split,
      source: {
        format: choice.reader.format,
        files: survey.files,
        order: dealt.words,
        ...(changes.length === 0 ? {} : { changes: changes.join('; ') }),
        ...(aside.length === 0 ? {} : { leftAside: inShort(aside) }),
      },
    }
  }

  async close(): Promise<void> {
    await this.#opened?.tree.close()
    this.#opened = null
  }

  async #read(
    options: ImportOptions,
    context: ImportContext,
  ): Promise<{ choice: Choice; survey: Survey; pool: Pool; aside: string[]; notes: string[] }> {
    if (this.#opened === null) {
      const tree = await openTree(this.#paths, context)
      try {
        this.#opened = { tree, choice: await chooseReader(tree, context) }
      } catch (error) {
        await tree.close()
        throw error
      }
    }
    const { tree, choice } = this.#opened
    const { labelColumn, header, shape, size, colour, fit } = options
    const surveyKey = JSON.stringify({ labelColumn, header, shape })
    if (this.#survey?.key !== surveyKey) {
      this.#pool = null
      this.#survey = { key: surveyKey, value: await choice.reader.survey(choice.files, options, context) }
    }
    const survey = this.#survey.value
    if (survey.sizes.length === 0) {
      const [first] = survey.unreadable
      throw bad(survey.files[0], `none of its ${counted(survey.unreadable.length, 'image')} can be read (${first.name}: ${first.reason}).`)
    }
    const poolKey = JSON.stringify({ size, colour, fit })
    if (this.#pool?.key !== poolKey) {
      this.#pool = null // its file is about to be written over
      const plan = makePlan(survey.sizes, options)
      this.#pool = { key: poolKey, value: await fillPool(survey, plan, colour === undefined, context) }
    }
    const pool = this.#pool.value
    const aside = [...choice.notes, ...(survey.aside ?? [])]
    return { choice, survey, pool, aside, notes: [...tree.notes, ...aside, ...survey.notes, ...pool.notes] }
  }
}

/** Long lists of files left aside are cut: the preview has them whole. */
function inShort(sentences: readonly string[]): string {
  const words = sentences.join(' ')
  return words.length > mostWords ? `${words.slice(0, mostWords - 4)} ...` : words
}

/** Classes of few images may come away with none to learn from. */
function untrained(classNames: readonly string[], labels: Uint8Array, { order, split }: Dealt): string[] {
  const trained = new Set(
    order === null ? labels.subarray(0, split.train) : Array.from(order.subarray(0, split.train), (place) => labels[place]),
  )
  const there = new Set(labels)
  const without = classNames.filter((_, label) => there.has(label) && !trained.has(label))
  if (without.length === 0) return []
  const names = `${without.slice(0, 10).join(', ')}${without.length > 10 ? ', ...' : ''}`
  return [
    `No training image is of the class${without.length === 1 ? '' : 'es'} ${names}: give more images, or a split with more for training.`,
  ]
}
