/** Independent training at work: all weights are one array [networks, weights], which Adam updates in one go. */
import type { Farm } from '../../engine/farm/farm.ts'
import { checkpointArray } from '../../engine/methods/checkpoint-array.ts'
import type { DocumentOf, MethodEngine, Trainer } from '../../engine/methods/method-engine.ts'
import type { NetworkSource, SampledNetworks } from '../../engine/methods/network-source.ts'
import { layOut, type TargetLayout } from '../../engine/target-network/layout.ts'
import { adamUpdate } from '../../engine/training/adam.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { learningRateAt } from '../../engine/training/learning-rate.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import { independent, type IndependentSpec } from './definition.ts'
import { meanOf } from '../../shared/statistics/moments.ts'

type Document = DocumentOf<IndependentSpec>

/** Networks handed out at a time. */
const BLOCK = 50

/** Each [networks, weights]. */
interface State {
  step: number
  weights: Float32Array
  firstMoment: Float32Array
  secondMoment: Float32Array
}

export const engine: MethodEngine<IndependentSpec> = {
  createTrainer: (document, farm, from) =>
    new IndependentTrainer(document, farm, from === undefined ? initialState(document) : stateOf(document, from)),
  openSource: (document, checkpoint) => new StoredNetworks(layOut(document.target), stateOf(document, checkpoint).weights),
}

class IndependentTrainer implements Trainer {
  readonly #document: Document
  readonly #farm: Farm
  readonly #state: State

  constructor(document: Document, farm: Farm, state: State) {
    this.#document = document
    this.#farm = farm
    this.#state = state
  }

  get done(): number {
    return this.#state.step
  }

  async step(): Promise<Record<string, number>> {
    const { training, method } = this.#document
    const { step, weights, firstMoment, secondMoment } = this.#state
    // Every network has its own loss, so the gradient of each is its own, [networks, weights].
    const { loss, accuracy, gradient } = await this.#farm.lossAndGradient(step, weights, method.networks)
    const crossEntropy = meanOf(loss)
    if (!Number.isFinite(crossEntropy) || !gradient.every(Number.isFinite)) {
      throw new LabError(
        'diverged',
        `Loss or gradient is not a finite number at step ${step} (cross-entropy ${crossEntropy}).`,
        `The last finite checkpoint is kept: fork it with ${independent.whenDiverged}.`,
      )
    }
    adamUpdate(training, step, learningRateAt(training, step), weights, gradient, firstMoment, secondMoment)
    this.#state.step++
    return { crossEntropy, trainingAccuracy: meanOf(accuracy) }
  }

  toCheckpoint(): CheckpointState {
    const { step, weights, firstMoment, secondMoment } = this.#state
    return {
      step,
      arrays: { weights: weights.slice(), 'adam.firstMoment': firstMoment.slice(), 'adam.secondMoment': secondMoment.slice() },
    }
  }

  source(): NetworkSource {
    return new StoredNetworks(layOut(this.#document.target), this.#state.weights)
  }
}

function initialState({ target, method, seed }: Document): State {
  const layout = layOut(target)
  const size = layout.weightCount
  const weights = new Float32Array(method.networks * size)
  for (let network = 0; network < method.networks; network++)
    heWeights(layout, seed, 'initial-weights', network, weights.subarray(network * size, (network + 1) * size))
  return { step: 0, weights, firstMoment: new Float32Array(weights.length), secondMoment: new Float32Array(weights.length) }
}

/** @throws LabError `bad-input` when the checkpoint holds other arrays than the document needs */
function stateOf({ target, method }: Document, checkpoint: CheckpointState): State {
  const array = (name: string) => checkpointArray(checkpoint, name, method.networks * layOut(target).weightCount)
  return {
    step: checkpoint.step,
    weights: array('weights'),
    firstMoment: array('adam.firstMoment'),
    secondMoment: array('adam.secondMoment'),
  }
}

/** Networks that are there: whatever the seed, index i is the i-th of them. */
class StoredNetworks implements NetworkSource {
  readonly target: TargetLayout
  readonly count: number
  readonly latent = null
  readonly #weights: Float32Array

  constructor(target: TargetLayout, weights: Float32Array) {
    this.target = target
    this.#weights = weights
    this.count = weights.length / target.weightCount
  }

  sample(_seed: number, first: number, count: number): Float32Array {
    const { weightCount } = this.target
    return this.#weights.slice(first * weightCount, (first + count) * weightCount)
  }

  *networks(seed: number, first: number, count: number): Generator<SampledNetworks> {
    for (let at = first; at < first + count; at += BLOCK) {
      const size = Math.min(BLOCK, first + count - at)
      yield { first: at, count: size, weights: this.sample(seed, at, size) }
    }
  }

  *select(seed: number, indices: ArrayLike<number>): Generator<SampledNetworks> {
    for (let first = 0; first < indices.length; first++) yield { first, count: 1, weights: this.sample(seed, indices[first], 1) }
  }

  preview(seed: number, count: number): Float32Array {
    return this.sample(seed, 0, count)
  }
}
