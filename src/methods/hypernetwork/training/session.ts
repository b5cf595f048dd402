/**
 * Training: one step draws z, generates a batch of networks, fixes their gauge, asks the farm for their
 * losses and gradients, and pulls the objective's gradient back into the hypernetwork (paper, algorithm).
 */
import type { HypernetworkSpec } from '../schema.ts'
import { hypernetwork as hypernetworkDefinition } from '../definition.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Farm } from '../../../engine/farm/farm.ts'
import type { DocumentOf, Trainer } from '../../../engine/methods/method-engine.ts'
import { gaugeGradient } from '../../../engine/gauge/gauge-gradient.ts'
import { fixGauge } from '../../../engine/gauge/gauge.ts'
import { Hypernetwork } from '../generator/hypernetwork.ts'
import { layOut } from '../../../engine/target-network/layout.ts'
import { adamUpdate } from '../../../engine/training/adam.ts'
import { drawLatents } from '../../../engine/random/batches.ts'
import { learningRateAt } from '../../../shared/learning-rate.ts'
import { diversityTerm, joinObjective, type DiversityTerm, type Objective } from './objective.ts'
import { Sampler } from '../sampling/sampler.ts'
import { fromCheckpoint, initialState, toCheckpoint, type TrainingState } from './training-state.ts'

export class TrainingSession implements Trainer {
  readonly document: DocumentOf<HypernetworkSpec>
  readonly hypernetwork: Hypernetwork
  readonly #farm: Farm
  readonly #state: TrainingState

  /**
   * @param from where to go on; absent: at initial weights
   * @throws LabError `bad-input` when the checkpoint does not fit the document
   */
  constructor(document: DocumentOf<HypernetworkSpec>, farm: Farm, from?: CheckpointState) {
    this.document = document
    this.hypernetwork = new Hypernetwork(document.method, layOut(document.target))
    this.#farm = farm
    this.#state = from === undefined ? initialState(this.hypernetwork, document.seed) : fromCheckpoint(this.hypernetwork, from)
  }

  get done(): number {
    return this.#state.step
  }

  toCheckpoint(): CheckpointState {
    return toCheckpoint(this.#state)
  }

  source(): Sampler {
    return new Sampler(this.hypernetwork, this.#state)
  }

  /**
   * One step. The state changes only if everything in it was finite.
   * @returns the objective before the update
   * @throws LabError `diverged`
   */
  async step(): Promise<Objective> {
    const { document, hypernetwork } = this
    const { latent, noiseBatch, lambda } = document.method
    const state = this.#state
    const z = drawLatents(document.seed, 'training-noise', state.step, 0, noiseBatch, latent)
    const batch = hypernetwork.generateForTraining(state.parameters, z)
    try {
      const gauged = fixGauge(hypernetwork.target, batch.raw, noiseBatch)
      let diversity: DiversityTerm | undefined
      const target = await this.#farm.lossAndGradient(state.step, gauged.weights, noiseBatch, () => {
        diversity = diversityTerm(gauged.weights, noiseBatch, latent)
      })
      diversity ??= diversityTerm(gauged.weights, noiseBatch, latent)
      const { objective, gradient } = joinObjective(lambda, target, diversity)
      refuseDivergence(objective, state.step)
      const parameterGradient = batch.backward(gaugeGradient(hypernetwork.target, batch.raw, gauged, gradient, noiseBatch))
      refuseInfinite(parameterGradient, state.step)
      batch.updateAverages(state.averages)
      const rate = learningRateAt(document.training, state.step)
      adamUpdate(document.training, state.step, rate, state.parameters, parameterGradient, state.firstMoment, state.secondMoment)
      state.step++
      return objective
    } finally {
      batch.free()
    }
  }
}

const remedy = `The last finite checkpoint is kept: fork it with ${hypernetworkDefinition.whenDiverged}.`

export function refuseDivergence(objective: Objective, step: number): void {
  const { loss, crossEntropy, entropy, nearestDistance } = objective
  if (!Number.isFinite(loss)) {
    throw new LabError(
      'diverged',
      `The loss is not a finite number at step ${step} (cross-entropy ${crossEntropy}, entropy ${entropy}).`,
      remedy,
    )
  }
  if (nearestDistance < 1e-3) {
    throw new LabError(
      'diverged',
      `Diversity collapsed at step ${step}: nearest sampled networks differ by ${nearestDistance} in L1.`,
      remedy,
    )
  }
}

function refuseInfinite(gradient: Float32Array, step: number): void {
  // Four sums, so that none waits for the one before.
  let [a, b, c, d] = [0, 0, 0, 0]
  const fours = gradient.length - (gradient.length % 4)
  for (let k = 0; k < fours; k += 4) {
    a += gradient[k] * 0
    b += gradient[k + 1] * 0
    c += gradient[k + 2] * 0
    d += gradient[k + 3] * 0
  }
  for (let k = fours; k < gradient.length; k++) a += gradient[k] * 0
  refuseFault(a + b + c + d, step)
}

/** @param fault 0 times each number of the gradient, summed: not 0 where one is none */
export function refuseFault(fault: number, step: number): void {
  if (fault !== 0) throw new LabError('diverged', `The gradient is not finite at step ${step}.`, remedy)
}
