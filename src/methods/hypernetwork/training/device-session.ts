/** Training with all networks of a step at once, on a device where everything stays but a few numbers. */
import { entropyFrom } from '../../../engine/diversity/entropy.ts'
import type { Device } from '../../../engine/farm/farm.ts'
import type { DocumentOf, Trainer } from '../../../engine/methods/method-engine.ts'
import type { Graph } from '../../../engine/native/graph.ts'
import { drawLatents } from '../../../engine/random/batches.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { correctedRate } from '../../../engine/training/adam.ts'
import { learningRateAt } from '../../../shared/learning-rate.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import { Hypernetwork } from '../generator/hypernetwork.ts'
import { Sampler } from '../sampling/sampler.ts'
import type { HypernetworkSpec } from '../schema.ts'
import { objectiveOf, type Objective } from './objective.ts'
import { kept, recordTraining } from './record-training.ts'
import { refuseDivergence, refuseFault } from './session.ts'
import { fromCheckpoint, initialState, toCheckpoint, type TrainingState } from './training-state.ts'

export class DeviceSession implements Trainer {
  readonly #document: DocumentOf<HypernetworkSpec>
  readonly #device: Device
  readonly #hypernetwork: Hypernetwork
  readonly #graph: Graph
  #step: number

  /** As of {@link TrainingSession}. */
  constructor(document: DocumentOf<HypernetworkSpec>, device: Device, from?: CheckpointState) {
    this.#document = document
    this.#device = device
    this.#hypernetwork = new Hypernetwork(document.method, layOut(document.target))
    const { step, ...arrays } =
      from === undefined ? initialState(this.#hypernetwork, document.seed) : fromCheckpoint(this.#hypernetwork, from)
    this.#graph = device.graph((recorder) => recordTraining(recorder, this.#hypernetwork, document.training, device.makers))
    this.#graph.run(arrays, 'begin')
    this.#step = step
  }

  get done(): number {
    return this.#step
  }

  /** How often each op stands in the graph. */
  get ops(): ReadonlyMap<string, number> {
    return this.#graph.ops
  }

  toCheckpoint(): CheckpointState {
    return toCheckpoint(this.#state())
  }

  source(): Sampler {
    return new Sampler(this.#hypernetwork, this.#state())
  }

  step(): Promise<Objective> {
    const { seed, method, training } = this.#document
    const { latent, noiseBatch, lambda } = method
    const step = this.#step
    const noise = drawLatents(seed, 'training-noise', step, 0, noiseBatch, latent)
    const feeds = { noise, ...this.#device.batch(step, noiseBatch) }
    const [, loss, accuracy, distances, [fault]] = this.#graph.run(feeds, 'step', 'loss', 'accuracy', 'distances', 'fault')
    const objective = objectiveOf(lambda, { loss, accuracy }, { entropy: entropyFrom(distances, latent), distances })
    refuseDivergence(objective, step)
    refuseFault(fault, step)
    this.#graph.run({ rate: Float32Array.of(correctedRate(training, step, learningRateAt(training, step))) }, 'update')
    this.#step++
    return Promise.resolve(objective)
  }

  #state(): TrainingState {
    const [parameters, firstMoment, secondMoment, averages] = this.#graph.run({}, ...kept)
    return { step: this.#step, parameters, firstMoment, secondMoment, averages }
  }
}
