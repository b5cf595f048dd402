/** Repeats of a run over seeds: made, found by their documents, and what came out of them together. */
import { basisAcrossSeeds, basisAcrossSeedsInWords, basisOf } from '../../../analyses/basis.ts'
import { analyses, findAnalysis } from '../../../analyses/registry.ts'
import type { Repeats, SeedValue } from '../../../shared/contract/runs.ts'
import { maxNameLength } from '../../../shared/names.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { repeatsOf } from '../../../shared/seeds.ts'
import { kinOf } from '../../store/runs/run-rows.ts'
import type { RunSummary, StoredResult } from '../../store/types.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { NewRunRequest, RunService } from './runs.ts'

export interface MadeRepeat {
  seed: number
  run: RunSummary
  isNew: boolean
}

/** Every number by which runs are compared, with the kind of result that has it. */
export const allColumns = analyses.flatMap(({ kind, title, figures = [] }) => figures.map((column) => ({ kind, analysis: title, column })))

const isDiverged = ({ state, error }: RunSummary): boolean => state === 'failed' && error?.code === 'diverged'

export class RepeatService extends LabService<LabContext & { runs: RunService }> {
  /**
   * A run for each seed. Where one of the same document is there, it is that one, unless it was stopped: what has
   * finished is not trained again, nor what diverged, which would do so again.
   * @throws LabError as making one run does, before any is made
   */
  async make(request: NewRunRequest, seeds: readonly number[]): Promise<MadeRepeat[]> {
    const { runs, store } = this.context
    const document = await runs.settled({ ...request, settings: [...(request.settings ?? []), { key: 'seed', value: seeds[0] }] })
    const known = store.runs.repeats([kinOf(document)])
    return seeds.map((seed) => {
      const there = this.furthestOf(known, seed)
      if (there !== undefined) return { seed, run: there, isNew: false }
      const name = request.name === undefined ? undefined : `${request.name.slice(0, maxNameLength - 20)}, seed ${seed}`
      const run = store.runs.create(omitUndefined({ document: { ...document, seed }, name, tags: request.tags }))
      return { seed, run, isNew: true }
    })
  }

  /** Of runs of the same document the one with a seed that has come furthest; those that were stopped are none. */
  furthestOf(known: readonly RunSummary[], seed: number): RunSummary | undefined {
    return known.filter((run) => run.seed === seed && run.state !== 'stopped').sort(furthest)[0]
  }

  /** Whether there is still something of it to be trained. */
  isOpen(run: RunSummary): boolean {
    return !['finished', 'stopped', 'training'].includes(run.state) && !isDiverged(run)
  }

  /** A run and its repeats, in order of seed; empty: it is no repeat of anything. */
  of(run: RunSummary, among: readonly RunSummary[] = this.context.store.runs.repeats([run])): RunSummary[] {
    const found = repeatsOf(run, among, furthest)
    return found.length < 2 ? [] : found
  }

  /** Those among some runs that repeat each other. */
  families(runs: readonly RunSummary[]): RunSummary[][] {
    const firsts = runs.filter(({ family }, i) => family !== null && runs.findIndex((other) => other.family === family) === i)
    return firsts.map((run) => this.of(run, runs)).filter(({ length }) => length > 0)
  }

  /**
   * What came out of repeats: each number on the basis that most of them have; among several the furthest step, then what
   * the analysis says tells most.
   * @param shown results of one of them that these are to stand on; left out: any
   * @param known results by run, where they have been read; left out: all that it has
   */
  found(members: readonly RunSummary[], shown?: readonly StoredResult[], known?: ReadonlyMap<string, readonly StoredResult[]>): Repeats {
    const all = members.flatMap((run) => {
      const results = known === undefined ? this.#results(run) : (known.get(run.id) ?? [])
      return results.map((record) => ({ run: run.id, seed: run.seed, record, key: basisAcrossSeeds(record) }))
    })
    const kinds = new Set(all.map(({ record }) => record.kind))
    const values = allColumns.flatMap(({ kind, column }): SeedValue[] => {
      if (!kinds.has(kind)) return []
      const bases = new Map<string, { record: StoredResult; found: SeedValue['found'] }>()
      for (const { run, seed, record, key } of all) {
        const value = record.kind === kind ? (column.of(record)?.value ?? null) : null
        if (value === null || seed === null || key === null) continue
        const basis = bases.get(key) ?? { record, found: [] }
        // The same found again is the same, or newer.
        basis.found = [...basis.found.filter((one) => one.run !== run), { run, seed, value }]
        bases.set(key, basis)
      }
      const wanted = shown?.find((record) => record.kind === kind)
      const chosen = shown === undefined ? [...bases.values()].sort(tellsMore).at(0) : bases.get((wanted && basisAcrossSeeds(wanted)) ?? '')
      if (chosen === undefined) return []
      const { record, found } = chosen
      const missing = members.filter(({ id }) => !found.some(({ run }) => run === id)).map(({ id, seed }) => ({ run: id, seed: seed! }))
      return [
        { label: column.label, unit: column.unit, best: column.best, basis: basisAcrossSeedsInWords(basisOf(record)), found, missing },
      ]
    })
    return { runs: members.map(({ id, seed }) => ({ run: id, seed: seed! })), values }
  }

  /** Of its checkpoints, and the last of those made while it trained. */
  #results({ id }: RunSummary): StoredResult[] {
    const { results } = this.context.store
    return [...results.list(id, { kind: 'evaluation', during: true }).slice(-1), ...results.list(id, { during: false })]
  }
}

/** Of runs of the same bits the one that has come furthest. */
const furthest = (a: RunSummary, b: RunSummary): number => b.step - a.step || a.createdAt - b.createdAt

interface OnBasis {
  record: StoredResult
  found: readonly unknown[]
}

function tellsMore(a: OnBasis, b: OnBasis): number {
  return (
    b.found.length - a.found.length ||
    b.record.step - a.record.step ||
    (findAnalysis(a.record.kind)?.compare?.(b.record, a.record) ?? 0) ||
    b.record.id - a.record.id
  )
}
