/** First-layer filters as pictures: of networks that learn, of a checkpoint's first networks, or of one network. */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { availableNetworks } from '../../../shared/network-count.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Target } from '../../../shared/experiment.ts'
import { filterPictures } from '../../../shared/filter-pictures.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { NetworkChoice } from '../runs/network-choice.ts'
import type { Filters } from '../../../shared/contract/runs.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { RunService } from '../runs/runs.ts'
import type { SamplingService } from './sampling.ts'
import { LabService } from '../context/lab-service.ts'

/** Networks that are shown of a run. */
const shownNetworks = 4
/** Networks sampled at once when one is asked for: starting the engine takes longer than any of them. */
const block = 32
/** Blocks that are remembered. */
const remembered = 64

export class FilterService extends LabService<LabContext & { runs: RunService; sampling: SamplingService }> {
  /** By checkpoint, seed and first network; the newest last. */
  readonly #known = new Map<string, Filters>()

  /**
   * Of the run's first networks: the newest while it trains, else from a checkpoint.
   * @throws LabError `conflict` while the engine is busy, `not-found` when there is no checkpoint
   */
  async ofRun(id: string, at?: number): Promise<Filters> {
    const run = this.context.runs.get(id)
    return (
      this.#told(run.id, at) ??
      first(await this.#block(run.id, omitUndefined({ at }), 0), 0, availableNetworks(run.document, shownNetworks))
    )
  }

  /** What its training has told of the step that is meant: no engine need be started for it. */
  #told(run: string, at: number | undefined): Filters | undefined {
    const { live, runs } = this.context
    const newest = live.newestFilters(run)
    if (newest === undefined || (at === undefined && live.trains(run))) return newest
    return runs.checkpointRecord(run, at).step === newest.step ? newest : undefined
  }

  /** Of one network. @throws LabError as `ofRun` */
  async ofNetwork(id: string, index: number, choice: NetworkChoice): Promise<Filters> {
    return first(await this.#block(this.context.runs.get(id).id, choice, index), index % block, 1)
  }

  /** Of one network, if it has been sampled lately. */
  knownOfNetwork(checkpoint: string, seed: number, index: number): Filters | null {
    const known = this.#known.get(keyOf(checkpoint, seed, index))
    return known === undefined ? null : first(known, index % block, 1)
  }

  async #block(id: string, choice: NetworkChoice, index: number): Promise<Filters> {
    const run = this.context.runs.get(id)
    const record = this.context.runs.checkpointRecord(run.id, choice.at)
    const seed = choice.seed ?? run.document.seed
    const key = keyOf(record.hash, seed, index)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const [busy] = this.context.jobs.list()
    if (busy !== undefined) {
      throw new LabError('conflict', 'Filters cannot be sampled while the engine is busy.', 'Look again when the running task has ended.')
    }
    const checkpoint = await this.context.runs.checkpoint(run.id, record.step)
    const start = Math.floor(index / block) * block
    const count = Math.max(availableNetworks(checkpoint.document, start + block) - start, index - start + 1)
    const weights = await this.context.sampling.inMemory(run, checkpoint, { seed, first: start, count })
    const filters = firstLayer(checkpoint.document.target, weights, record.step)
    this.#known.set(key, filters)
    for (const old of [...this.#known.keys()].slice(0, -remembered)) this.#known.delete(old)
    return filters
  }
}

const keyOf = (checkpoint: string, seed: number, index: number) => `${checkpoint} ${seed} ${Math.floor(index / block)}`

/** Some of the networks alone. */
function first(all: Filters, from: number, count: number): Filters {
  const size = all.values.length / all.networks
  return { ...all, networks: count, values: all.values.slice(from * size, (from + count) * size) }
}

/**
 * The first layer of networks as pictures; a dense one's units are pictures of the whole image where
 * that is square, else there are none.
 * @param weights flat, [networks, weights]
 */
export function firstLayer(target: Target, weights: Float32Array, step: number): Filters {
  const layout = layOut(target)
  const pictures = filterPictures(layout, weights, true) ?? {
    filters: 0,
    kernel: 0,
    channels: target.input.channels,
    values: new Float32Array(0),
  }
  return { step, networks: weights.length / layout.weightCount, ...pictures }
}
