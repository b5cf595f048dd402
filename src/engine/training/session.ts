/**
 * Training: one step draws z, generates a batch of networks, fixes their gauge, asks the farm for their
 * losses and gradients, and pulls the objective's gradient back into the hypernetwork (paper, algorithm).
 */
import type { HypernetworkSpec } from '../../methods/hypernetwork/schema.ts'
import { hypernetwork as hypernetworkDefinition } from '../../methods/hypernetwork/definition.ts'
import { LabError } from '../../shared/errors.ts'
import type { Farm } from '../farm/farm.ts'
import type { DocumentOf } from '../methods/method-engine.ts'
import { gaugeGradient } from '../gauge/gauge-gradient.ts'
import { fixGauge } from '../gauge/gauge.ts'
import { Hypernetwork } from '../hypernetwork/hypernetwork.ts'
import { layOut } from '../target-network/layout.ts'
import { adamUpdate } from './adam.ts'
import { drawLatents } from '../random/batches.ts'
import { learningRateAt } from './learning-rate.ts'
import { diversityTerm, joinObjective, type DiversityTerm, type Objective } from './objective.ts'
import { initialState, type TrainingState } from '../hypernetwork/training-state.ts'

export class TrainingSession {
  readonly document: DocumentOf<HypernetworkSpec>
  readonly hypernetwork: Hypernetwork
  readonly #farm: Farm
  #state: TrainingState

  /** @param state where to go on from; absent: initial weights */
  constructor(document: DocumentOf<HypernetworkSpec>, farm: Farm, state?: TrainingState) {
    this.document = document
    this.hypernetwork = new Hypernetwork(document.method, layOut(document.target))
    this.#farm = farm
    this.#state = state ?? initialState(this.hypernetwork, document.seed)
  }

  /** The live state: copy it ({@link toCheckpoint}) to keep it. */
  get state(): Readonly<TrainingState> {
    return this.#state
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

function refuseDivergence(objective: Objective, step: number): void {
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
  if (a + b + c + d !== 0) throw new LabError('diverged', `The gradient is not finite at step ${step}.`, remedy)
}
