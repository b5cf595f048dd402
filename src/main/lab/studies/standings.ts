/** How the rows of a study stand: its runs, and what is known of them. Looked up anew only where something has changed since. */
import { isDeepStrictEqual } from 'node:util'
import type { AnalysisKind } from '../../../analyses/registry.ts'
import { settleRequest, type AnalysisRequest } from '../../../analyses/request.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { SeedValue } from '../../../shared/contract/runs.ts'
import type { StudyDetails, StudyRow } from '../../../shared/contract/studies.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import { meanOf } from '../../../shared/statistics/moments.ts'
import { rowTitle, type Study, type StudyRecord } from '../../../shared/study.ts'
import { documentsAsked, isSweep } from '../../../shared/sweep.ts'
import { kinOf, type Kin } from '../../store/runs/run-rows.ts'
import type { RunSummary, StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { RepeatService } from '../runs/repeats.ts'
import { columnsOf } from './columns.ts'

/** Networks asked where every method makes as many as one likes. */
const usualNetworks = 50

export interface RowStanding {
  row: StudyRow
  /** What could not be asked of its runs, and why. */
  unasked: (StudyRecord['unasked'][number] & { seed: number })[]
  /** Whether a run is not there, not trained to its end, or not all of it is known that is wanted. */
  goesOn: boolean
}

export interface StudyStanding {
  rows: readonly RowStanding[]
  columns: StudyDetails['columns']
}

export class StudyStandings extends LabService<LabContext & { repeats: RepeatService }> {
  /** `stamps`: what each row stood on, in a text that changes with it. */
  readonly #known = new WeakMap<StudyRecord, StudyStanding & { stamps: readonly string[] }>()

  /** A sweep has up to two thousand runs, and a window asks whenever one of them comes further. */
  of(record: StudyRecord): StudyStanding {
    const { store } = this.context
    const members = this.members(record)
    const ids = members.flat().map(({ id }) => id)
    const [sizes, marks] = [store.checkpoints.newestSizes(ids), store.results.marks(ids)]
    const stamps = members.map((of) =>
      JSON.stringify(
        of.map(({ id, state, step, steps, seconds, error }) => [
          ...[id, state, step, steps, seconds, error?.code],
          ...[sizes.get(id), marks.get(id)],
        ]),
      ),
    )
    const before = this.#known.get(record)
    const changed = members.map((_, at) => before?.stamps[at] !== stamps[at])
    if (before !== undefined && !changed.includes(true)) return before
    const anew = members.flatMap((of, at) => (changed[at] ? of.map(({ id }) => id) : []))
    const known = { results: store.results.ofRuns(anew), sizes }
    const rows = members.map((of, at) => (before === undefined || changed[at] ? this.#standing(record, at, of, known) : before.rows[at]))
    const columns = columnsOf(
      rows.map(({ row }) => row),
      record.study.seeds.length,
    )
    const standing = { stamps, rows, columns }
    this.#known.set(record, standing)
    return standing
  }

  /** The runs of each row, in order of seed, those that are there. */
  members(record: StudyRecord): RunSummary[][] {
    return this.membersOf([record])[0]
  }

  /** The same of several at once. */
  membersOf(records: readonly StudyRecord[]): RunSummary[][][] {
    const { repeats, store } = this.context
    const families = Map.groupBy(store.runs.repeats(records.flatMap((record) => settledOf(record).kin)), ({ family }) => family)
    return records.map((record) => {
      const { asked, kin } = settledOf(record)
      return asked.map((_, at) => {
        const found = families.get(kin.at(at)?.family ?? null) ?? []
        return record.study.seeds.flatMap((seed) => repeats.furthestOf(found, seed) ?? [])
      })
    })
  }

  #standing(record: StudyRecord, at: number, members: readonly RunSummary[], known: Known): RowStanding {
    const { asked, wanted: wantedOf } = settledOf(record)
    const wanted = members.length === 0 ? [] : wantedOf[at]
    const runs = members.map(({ id, seed, state, step, steps, seconds }) => ({ run: id, seed: seed!, state, step, steps, seconds }))
    const sizes = members.flatMap(({ id }) => known.sizes.get(id) ?? [])
    const seconds = members.flatMap(({ id }) => record.drawSeconds[id] ?? [])
    const row = {
      ...{ ...asked[at], title: rowTitle(record.study, asked[at]), runs },
      networks: wanted.at(0)?.count ?? null,
      values: this.#values(members, wanted, known),
      bytes: sizes.length === 0 ? null : Math.max(...sizes),
      another: seconds.length === 0 ? null : meanOf(seconds),
    }
    const isOpen = (run: RunSummary): boolean => {
      if (run.state !== 'finished') return run.state === 'training' || this.context.repeats.isOpen(run)
      if (isDrawnUntimed(record, record.plan[at].document, run.id)) return true
      return openOf(run, wanted, known).length > unaskedOf(record, run, wanted, known).length
    }
    return {
      row,
      unasked: members.flatMap((run) => unaskedOf(record, run, wanted, known)),
      goesOn: members.length < record.study.seeds.length || members.some(isOpen),
    }
  }

  /** What was found of what is asked, on that alone. */
  #values(members: readonly RunSummary[], wanted: readonly Wanted[], { results }: Known): SeedValue[] {
    const shown = wanted.flatMap((one) => {
      for (const { id, step } of members) {
        const found = answerAmong(results.get(id) ?? [], one, step)
        if (found !== undefined) return [found]
      }
      return []
    })
    return shown.length === 0 ? [] : this.context.repeats.found(members, shown, results).values.filter(({ found }) => found.length > 0)
  }
}

/** By run. */
interface Known {
  /** Of checkpoints. */
  results: ReadonlyMap<string, readonly StoredResult[]>
  /** Bytes of the newest checkpoint. */
  sizes: ReadonlyMap<string, number>
}

/** What a result must be of to answer a request. */
type Wanted = ReturnType<typeof wantedBy>

function wantedBy(request: AnalysisRequest) {
  const { count, options } = settleRequest(request)
  // Options as a store gives them back, to be compared with those.
  return {
    kind: request.kind,
    count,
    split: request.split,
    images: request.images,
    options: JSON.parse(JSON.stringify(options)) as unknown,
  }
}

/** The newest that answers a request. @param step that its run has come to: what was found on the way is no answer */
function answerAmong(results: readonly StoredResult[], wanted: Wanted, step: number): StoredResult | undefined {
  return results.findLast(
    (one) =>
      one.kind === wanted.kind &&
      one.step === step &&
      one.networks === null &&
      one.count === wanted.count &&
      one.split === wanted.split &&
      one.images === wanted.images &&
      isDeepStrictEqual(one.options, wanted.options),
  )
}

/** Of what is wanted of a run, what has no answer. */
const openOf = ({ id, step }: RunSummary, wanted: readonly Wanted[], { results }: Known): Wanted[] =>
  wanted.filter((one) => answerAmong(results.get(id) ?? [], one, step) === undefined)

/** Of that, what could not be asked. */
const unaskedOf = ({ unasked }: StudyRecord, run: RunSummary, wanted: readonly Wanted[], known: Known) =>
  openOf(run, wanted, known).flatMap(({ kind }) => {
    const left = unasked.find((one) => one.run === run.id && one.step === run.step && one.kind === kind)
    return left === undefined ? [] : [{ ...left, seed: run.seed! }]
  })

/** Whether it is still to be measured how long one more network takes, of a method that makes as many as one likes. */
export const isDrawnUntimed = ({ study, drawSeconds }: StudyRecord, { method }: Experiment, run: string): boolean =>
  !isSweep(study) && methodOf(method).networks(method) === 'any' && drawSeconds[run] === undefined

export type Asked = ReturnType<typeof documentsAsked>[number]

interface Settled {
  /** Of each row. */
  asked: readonly Asked[]
  /** Of those rows that are planned, as what is wanted of their runs. */
  kin: readonly Kin[]
  wanted: readonly (readonly Wanted[])[]
  requestsOf: ReturnType<typeof requestsAmong>
}

const known = new WeakMap<StudyRecord, Settled>()

/** What follows from a record alone, settled once. */
export function settledOf(record: StudyRecord): Settled {
  const before = known.get(record)
  if (before !== undefined) return before
  const documents = record.plan.map(({ document }) => document)
  const requestsOf = requestsAmong(record.study, documents)
  const settled = {
    ...{ asked: documentsAsked(record.study), kin: documents.map(kinOf), requestsOf },
    wanted: documents.map((document) => requestsOf(document).map(wantedBy)),
  }
  known.set(record, settled)
  return settled
}

/** What is asked of the networks of one document of several: of each as many as the one with fewest has, unless the study says how many. */
export function requestsAmong({ networks, split, images, analyses }: Study, documents: readonly Experiment[]) {
  const common = networks === null ? documents.reduce((least, one) => availableNetworks(one, least), usualNetworks) : null
  return (document: Experiment): (AnalysisRequest & { kind: AnalysisKind })[] => {
    const count = common ?? availableNetworks(document, networks ?? usualNetworks)
    const found = Math.min(images, document.data.split[split])
    return analyses.map((kind) => ({ kind: kind as AnalysisKind, count, split, images: found }))
  }
}
