/** Runs side by side: only the settings that differ, what came out, and which is surely better. */
import type { AnswersOf } from '../../../analyses/analysis.ts'
import { basisOf, standsOn } from '../../../analyses/basis.ts'
import { ofKind } from '../../../analyses/registry.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { Comparison } from '../../../shared/contract/runs.ts'
import { differences } from '../../../shared/document-differences.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { imagesInterval, pairedInterval, unpairedInterval, type Interval } from '../../../shared/statistics/intervals.ts'
import { momentsOf } from '../../../shared/statistics/moments.ts'
import { surelyBest } from '../../../shared/statistics/ranks.ts'
import { canonicalJson } from '../../store/files/checksummed-json.ts'
import type { Run, StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { resultsOfCheckpoint, stepOfNewestResult } from './checkpoint-results.ts'
import { imageAnswers, type ImageAnswers } from './image-answers.ts'
import { allColumns } from './repeats.ts'
import type { RepeatService } from './repeats.ts'
import type { RunService } from './runs.ts'

type Column = (typeof allColumns)[number]['column']

interface Cell {
  run: Run
  record: StoredResult
  figure: { value: number; interval?: Interval | null | undefined; why?: string; answers?: AnswersOf }
  note: string
}

export class ComparisonService extends LabService<LabContext & { runs: RunService; repeats: RepeatService }> {
  /** Of the results that were compared last, by id: they do not change. */
  #answers = new Map<number, ImageAnswers>()

  /** @throws LabError `not-found` */
  async compare(ids: readonly string[]): Promise<Comparison> {
    const runs = ids.map((id) => this.context.runs.get(id))
    const found = runs.map((run) => this.#results(run))
    const isOfOne = new Set(runs.map(({ document }) => document.data.id)).size === 1
    const all = allColumns.map(({ kind, analysis, column }) => ({
      ...{ analysis, column },
      cells: found.map(({ results }, row): Cell | null => {
        const record = results.find((result) => result.kind === kind)
        const figure = record === undefined ? undefined : column.of(record)
        if (record === undefined || figure === undefined) return null
        const from = isOfOne || record.dataset === null ? '' : ` of ${this.context.store.datasets.get(record.dataset).name}`
        const note = [...(figure.note === undefined ? [] : [figure.note]), `${standsOn(basisOf(record))}${from}`].join(', ')
        return { run: runs[row], record, figure, note }
      }),
    }))
    const filled = all.filter(({ cells }) => cells.some((cell) => cell !== null))
    const compared = new Set(filled.flatMap(({ cells }) => cells.map((cell) => cell?.record.id)))
    this.#answers = new Map([...this.#answers].filter(([id]) => compared.has(id)))
    const surely: (number | null)[] = []
    for (const { column, cells } of filled) surely.push(await this.#surelyBest(column, cells))
    return {
      settings: differences(runs.map(({ document }) => document)),
      repeats: this.context.repeats.families(runs).map((members) => this.context.repeats.found(members)),
      columns: filled.map(({ analysis, column: { label, unit, best } }, at) => ({ analysis, label, unit, best, surely: surely[at] })),
      results: runs.map((run, row) => {
        const tested = ofKind(found[row].results, 'evaluation').at(0)?.result
        return {
          run: run.id,
          name: run.name,
          facts: methodOf(run.document.method).facts(run.document.method),
          step: found[row].step,
          seconds: run.seconds,
          mean: tested?.mean ?? null,
          entropy: tested?.entropy ?? null,
          values: filled.map(({ cells }) => {
            const cell = cells[row]
            if (cell === null) return null
            const { value, interval, why } = cell.figure
            return { ...omitUndefined({ value, interval, why }), note: cell.note }
          }),
        }
      }),
    }
  }

  /** Nothing is where figures stand on unlike images, numbers of networks or options, or were chosen on what they are told of. */
  async #surelyBest({ unit, best, chosen }: Column, cells: readonly (Cell | null)[]): Promise<number | null> {
    const known = cells.filter((cell) => cell !== null)
    const isByHand = known.some(({ record }) => record.networks !== null)
    if (known.length < 2 || chosen === true || isByHand || new Set(known.map(standing)).size > 1) return null
    const answers: (Float64Array | null)[] = []
    for (const cell of known) answers.push(await this.#answersOf(cell))
    const differenceOf = (one: number, other: number): Interval | null => {
      const [ours, theirs] = [answers[one], answers[other]]
      if (ours !== null && theirs !== null) {
        const differences = momentsOf(ours.map((answer, image) => answer - theirs[image]))
        return (unit === 'share' ? pairedInterval : imagesInterval)(differences, ours.length)
      }
      return unpairedInterval(known[one].figure, known[other].figure)
    }
    const place = surelyBest(known.length, differenceOf, best)
    return place === null ? null : cells.indexOf(known[place])
  }

  /** [images]; null: what was said of each image is not kept. */
  async #answersOf({ run, record, figure }: Cell): Promise<Float64Array | null> {
    if (figure.answers === undefined) return null
    const found = this.#answers.get(record.id) ?? (await imageAnswers(this.context.store, run.document.data, record))
    if (found === null) return null
    this.#answers.set(record.id, found)
    return found[figure.answers]
  }

  /** Of the checkpoint of the newest result; accuracies while training stand in where nothing was tested since. */
  #results(run: Run): { step: number; results: StoredResult[] } {
    const { store } = this.context
    const step = stepOfNewestResult(store, run.id)
    const checkpoint = store.checkpoints.list(run.id).find((one) => one.step === step)
    const shown = checkpoint === undefined ? [] : resultsOfCheckpoint(store, run.id, checkpoint.hash).shown
    const training = store.results.list(run.id, { kind: 'evaluation', during: true }).slice(-1)
    return { step: step ?? run.step, results: [...shown, ...training] }
  }
}

/** Which images, how many networks, asked in what way. */
const standing = ({ note, record: { dataset, split, images, dealt, options } }: Cell): string =>
  canonicalJson({ note, dataset, split, images, dealt: dealt ?? null, options })
