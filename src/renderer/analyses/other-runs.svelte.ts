/** Runs whose networks can be laid beside those of a run: which there are, and what speaks against those that were named. */
import { optionFacts } from '../../analyses/option-facts.ts'
import { otherRunsFault, otherRunsOption, readRunAt } from '../../analyses/other-runs.ts'
import type { Analysis } from '../../analyses/analysis.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { Run, RunSummary } from '../../shared/contract/runs.ts'
import { count } from '../../shared/wording.ts'
import { asLabError } from '../state/errors.ts'

/** @param own a run @param all of the lab, newest first @returns those that have learned something from the same data */
export const otherRuns = (own: Run, all: readonly RunSummary[]): { value: string; label: string; note?: string }[] =>
  all
    .filter(({ id, dataset, step }) => id !== own.id && dataset === own.dataset && step > 0)
    .map(({ id, name, step, steps }) => ({ value: id, label: name, ...(step < steps ? { note: `step ${count(step)}` } : {}) }))

export class OtherRuns {
  readonly #client: LabClient
  readonly #key: string | undefined
  /** Runs by id as they were read, or why they could not be. */
  #read = $state.raw<ReadonlyMap<string, Run | string>>(new Map())

  constructor(client: LabClient, analysis: Pick<Analysis, 'options'>) {
    this.#client = client
    this.#key = otherRunsOption(optionFacts(analysis))?.key
  }

  /** Ids of those that options name. */
  named(options: Readonly<Record<string, unknown>>): string[] {
    const named = this.#key === undefined ? undefined : (options[this.#key] as readonly string[] | undefined)
    return (named ?? []).map((text) => readRunAt(text).run)
  }

  /** Reads those that are named and were not yet. */
  async read(ids: readonly string[]): Promise<void> {
    for (const id of ids.filter((one) => !this.#read.has(one))) {
      const found = await this.#client.call('runs.get', { id }).then(
        ({ run }) => run,
        (thrown: unknown) => asLabError(thrown).message,
      )
      this.#read = new Map(this.#read).set(id, found)
    }
  }

  /** Why these cannot be asked about; null: they can, or it is not known yet. @param tested on images, too */
  problem(own: Run, ids: readonly string[], tested: boolean): string | null {
    const read = ids.flatMap((id) => this.#read.get(id) ?? [])
    const failed = read.find((one) => typeof one === 'string')
    if (failed !== undefined) return failed
    const fault = otherRunsFault(
      own,
      read.filter((one) => typeof one !== 'string'),
      this.#key ?? '',
      tested,
    )
    return fault === null ? null : `${fault.message} ${fault.remedy}`
  }

  /** Whether all of them were read. */
  knows(ids: readonly string[]): boolean {
    return ids.every((id) => this.#read.has(id))
  }
}
