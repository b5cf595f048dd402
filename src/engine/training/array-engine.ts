/** Methods whose whole state is a step and a few arrays of fixed sizes: most of them. */
import type { MethodDefinition } from '../../methods/method.ts'
import type { MethodSpec } from '../../methods/registry.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Farm } from '../farm/farm.ts'
import { adamUpdate } from './adam.ts'
import { rateOf } from './learning-rate.ts'
import { checkpointArray } from '../methods/checkpoint-array.ts'
import type { DocumentOf, MethodEngine, Trainer } from '../methods/method-engine.ts'
import type { NetworkSource } from '../methods/network-source.ts'

/** By their names in a checkpoint. */
export type Arrays<Name extends string = string> = Record<Name, Float32Array>

export interface ArrayModel<Name extends string> {
  /** As training begins; a checkpoint must hold arrays of these names and sizes. */
  initial(): Arrays<Name>
  /**
   * One step; the arrays change in place, and only if everything in it was finite.
   * @param step steps done before
   * @returns what was measured before the update, by the names of the method's metrics
   * @throws LabError `diverged`, see {@link refuseDiverged}
   */
  advance(step: number, arrays: Arrays<Name>, farm: Farm): Promise<Record<string, number>>
  /** The networks after so many steps. It may hold the arrays themselves. */
  source(step: number, arrays: Arrays<Name>): NetworkSource
}

/** @param modelOf what a document's method does with its arrays */
export function arrayEngine<Spec extends MethodSpec, Name extends string>(
  modelOf: (document: DocumentOf<Spec>) => ArrayModel<Name>,
): MethodEngine<Spec> {
  const stateOf = (model: ArrayModel<Name>, checkpoint: CheckpointState): Arrays<Name> => {
    const initial = Object.entries<Float32Array>(model.initial())
    return Object.fromEntries(initial.map(([name, { length }]) => [name, checkpointArray(checkpoint, name, length)])) as Arrays<Name>
  }
  return {
    createTrainer: (document, farm, from) => {
      const model = modelOf(document)
      return from === undefined
        ? new ArrayTrainer(model, farm, 0, model.initial())
        : new ArrayTrainer(model, farm, from.step, stateOf(model, from))
    },
    openSource: (document, checkpoint) => {
      const model = modelOf(document)
      return model.source(checkpoint.step, stateOf(model, checkpoint))
    },
  }
}

class ArrayTrainer<Name extends string> implements Trainer {
  readonly #model: ArrayModel<Name>
  readonly #farm: Farm
  readonly #arrays: Arrays<Name>
  #step: number

  constructor(model: ArrayModel<Name>, farm: Farm, step: number, arrays: Arrays<Name>) {
    this.#model = model
    this.#farm = farm
    this.#step = step
    this.#arrays = arrays
  }

  get done(): number {
    return this.#step
  }

  async step(): Promise<Record<string, number>> {
    const measured = await this.#model.advance(this.#step, this.#arrays, this.#farm)
    this.#step++
    return measured
  }

  toCheckpoint(): CheckpointState {
    return { step: this.#step, arrays: structuredClone(this.#arrays) }
  }

  source(): NetworkSource {
    return this.#model.source(this.#step, this.#arrays)
  }
}

/** Both moments of Adam, as an initial state and a checkpoint name them. */
export const adamMoments = (size: number) => ({
  'adam.firstMoment': new Float32Array(size),
  'adam.secondMoment': new Float32Array(size),
})

/** Updates `parameters` in place by Adam, at the document's learning rate of the step. */
export function adamStep(
  document: Pick<DocumentOf<{ kind: string }>, 'training' | 'method'>,
  step: number,
  parameters: Float32Array,
  gradient: Float32Array,
  moments: Arrays<keyof ReturnType<typeof adamMoments>>,
): void {
  adamUpdate(
    document.training,
    step,
    rateOf(document, step),
    parameters,
    gradient,
    moments['adam.firstMoment'],
    moments['adam.secondMoment'],
  )
}

/** @throws LabError `diverged` when loss or gradient is not finite, with what to change */
export function refuseDiverged(
  { whenDiverged }: Pick<MethodDefinition, 'whenDiverged'>,
  step: number,
  crossEntropy: number,
  gradient: Float32Array | Float64Array,
): void {
  if (Number.isFinite(crossEntropy) && gradient.every((value) => Number.isFinite(value))) return
  throw new LabError(
    'diverged',
    `Loss or gradient is not a finite number at step ${step} (cross-entropy ${crossEntropy}).`,
    `The last finite checkpoint is kept: fork it with ${whenDiverged}.`,
  )
}
