/** Networks of any latent vectors, one at a time and at once: the engine behind the latent cockpit. */
import {
  cockpitDirections,
  cockpitFilters,
  cockpitNetworks,
  type Axes,
  type AxesRequest,
  type Point,
  type PointRequest,
} from '../../shared/cockpit.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { filterOf, filterShape } from '../../shared/filter-shape.ts'
import { confusionOf, lossOf, predictions, rowsOf } from '../../shared/scores.ts'
import { splitRange } from '../../shared/split.ts'
import { principalComponents } from '../analysis/pca.ts'
import { straight } from '../analysis/lines.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { openSource } from '../methods/method-engine.ts'
import type { LatentSpace, NetworkSource } from '../methods/network-source.ts'
import { randomStream } from '../random/stream.ts'
import type { ImageSet, PreparedImages, TargetProgram } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'

export interface CockpitTask {
  document: Experiment
  checkpoint: CheckpointState
  images: ImageSet
  /** The first so many validation images. */
  count: number
}

/** Weights that principal directions are found from, in all: 200 MB. */
const mostNumbers = 5e7

export class Cockpit {
  readonly #source: NetworkSource
  readonly #space: LatentSpace
  readonly #program: TargetProgram
  readonly #images: PreparedImages
  readonly #context: JobContext

  private constructor(source: NetworkSource, space: LatentSpace, program: TargetProgram, images: PreparedImages, context: JobContext) {
    this.#source = source
    this.#space = space
    this.#program = program
    this.#images = images
    this.#context = context
  }

  /** @throws LabError `invalid-argument` where the method has no latent vectors */
  static async open({ document, checkpoint, images, count }: CockpitTask, context: JobContext): Promise<Cockpit> {
    const source = await openSource(document, checkpoint)
    if (source.latentSpace === undefined) throw noLatent()
    const { split } = document.data
    const program = await createTargetProgram(source.target, { reference: { images, trainCount: split.train } })
    const { from } = splitRange(split, 'validation')
    const indices = Int32Array.from({ length: count }, (_, i) => from + i)
    return new Cockpit(source, source.latentSpace, program, program.prepare(images, indices), context)
  }

  /** Directions of the length that vectors of networks have. */
  async axes({ kind, seed, networks: [a, b], layer }: AxesRequest): Promise<Axes> {
    const drawn = Array.from({ length: cockpitNetworks }, (_, index) => this.#space.of(seed, index))
    const [first, second] = [this.#space.of(seed, a), this.#space.of(seed, b)]
    const all = [...drawn, first, second]
    const typical = drawn.reduce((sum, vector) => sum + Math.hypot(...vector), 0) / drawn.length
    const scaled = (vector: Float32Array): Float32Array => {
      const length = Math.hypot(...vector)
      return vector.map((value) => (length === 0 ? 0 : (value * typical) / length))
    }
    const random = (k: number): Float32Array => {
      const stream = randomStream(seed, 'cockpit-directions', 0, k)
      return scaled(Float32Array.from(first, () => stream.normal()))
    }
    const found = kind === 'principal' ? await this.#principal(seed, drawn, layer) : { directions: [], explained: [] }
    const directions = Array.from({ length: cockpitDirections }, (_, k) => {
      if (kind === 'line' && k === 0) return first.map((value, i) => (second[i] - value) / 2)
      const component = found.directions.at(k)
      return component === undefined ? random(k) : scaled(component)
    })
    return {
      origin: kind === 'line' ? straight(first, second, 3).slice(first.length, 2 * first.length) : first,
      directions: Float32Array.from(directions.flatMap((direction) => [...direction])),
      explained: found.explained,
      low: all.reduce((least, vector) => vector.reduce((m, value) => Math.min(m, value), least), Infinity),
      high: all.reduce((most, vector) => vector.reduce((m, value) => Math.max(m, value), most), -Infinity),
    }
  }

  point({ z, layer, channel }: PointRequest): Point {
    const { target } = this.#source
    const one = target.weighted.at(layer - 1)
    if (one === undefined)
      throw new LabError('invalid-argument', `There is no layer ${layer} with weights.`, `Name one of 1 to ${target.weighted.length}.`)
    requireLatent(z, this.#source.latent)
    const weights = this.#space.generate(z)
    const probabilities = this.#program.probabilitiesOn(weights, this.#images, 1)
    const { classes } = target
    const labels = Uint8Array.from(this.#images.labels)
    const rows = rowsOf(confusionOf(predictions(probabilities, classes), labels, classes), classes)
    const shape = filterShape(one)
    const size = shape.height * shape.width
    const shown = Math.min(one.filters, cockpitFilters)
    const filters = new Float32Array(shown * size)
    for (let filter = 0; filter < shown; filter++)
      filters.set(filterOf(one, shape, weights, filter, Math.min(channel, shape.channels - 1)), filter * size)
    return {
      images: labels.length,
      right: rows.reduce((sum, { right }) => sum + right, 0),
      loss: labels.reduce((sum, label, image) => sum + lossOf(probabilities[image * classes + label]), 0) / labels.length,
      of: Uint32Array.from(rows, ({ total }) => total),
      wrong: Uint32Array.from(rows, ({ total, right }) => total - right),
      filters,
      ...shape,
    }
  }

  /** Along which vectors the principal components of the weights grow fastest: the covariance of z with each component. */
  async #principal(
    seed: number,
    drawn: readonly Float32Array[],
    layer: number | undefined,
  ): Promise<{ directions: Float32Array[]; explained: number[] }> {
    const { target } = this.#source
    const one = layer === undefined ? undefined : target.weighted.at(layer - 1)
    const [from, size] = one === undefined ? [0, target.weightCount] : [one.kernelOffset, one.rows * one.filters]
    const n = Math.max(3, Math.min(drawn.length, Math.floor(mostNumbers / size)))
    const weights = new Float32Array(n * size)
    const pacer = new Pacer(this.#context)
    for (const block of this.#source.networks(seed, 0, n)) {
      for (let at = 0; at < block.count; at++) {
        const own = at * target.weightCount + from
        weights.set(block.weights.subarray(own, own + size), (block.first + at) * size)
      }
      await pacer.yieldToEventLoop()
    }
    const { scores, explained } = await principalComponents(weights, n, cockpitDirections, seed, pacer, true)
    const dimension = scores.length / n
    return {
      explained,
      directions: Array.from({ length: dimension }, (_, k) =>
        drawn[0].map(
          (_value, i) => drawn.slice(0, n).reduce((sum, vector, network) => sum + vector[i] * scores[network * dimension + k], 0) / n,
        ),
      ),
    }
  }
}

export const noLatent = (): LabError =>
  new LabError(
    'invalid-argument',
    'The networks of this run do not come from latent vectors, so there is no space to move through.',
    'Take a run of a method that has them, such as a hypernetwork.',
  )

/** @throws LabError `invalid-argument` where a vector is none that networks come from */
export function requireLatent(z: Float32Array, latent: number | null): void {
  if (z.length === latent) return
  throw new LabError(
    'invalid-argument',
    `A latent vector of ${z.length} numbers does not fit networks that come from ${latent}.`,
    'Take one of this checkpoint.',
  )
}
