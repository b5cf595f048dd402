/** Methods whose whole state is a step and a few arrays of fixed sizes: most of them. */
import type { MethodDefinition } from '../../methods/method.ts'
import type { MethodSpec } from '../../methods/registry.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Farm } from '../farm/farm.ts'
import { adamUpdate } from './adam.ts'
import { rateOf } from './learning-rate.ts'
import { checkpointArray } from '../../shared/checkpoint-array.ts'
import type { DocumentOf, MethodEngine, Trainer } from '../methods/method-engine.ts'
import type { NetworkSource } from '../methods/network-source.ts'

/** By their names in a checkpoint. */
export type Arrays<Name extends string = string> = Record<Name, Float32Array>

export interface ArrayModel<Name extends string> {
  /** What a checkpoint must hold: arrays of these names, so many numbers each. */
  sizes: Readonly<Record<Name, number>>
  /** Fills what is not 0 as training begins. */
  begin(arrays: Arrays<Name>): void
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

/** Arrays of such sizes, all 0. */
export const zeros = <Name extends string>(sizes: Readonly<Record<Name, number>>): Arrays<Name> =>
  each(sizes, (_name, size) => new Float32Array(size))

function each<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
  arrayOf: (name: string, size: number) => Float32Array,
): Arrays<Name> {
  return Object.fromEntries(Object.entries<number>(sizes).map(([name, size]) => [name, arrayOf(name, size)])) as Arrays<Name>
}

/** @param modelOf what a document's method does with its arrays */
export function arrayEngine<Spec extends MethodSpec, Name extends string>(
  modelOf: (document: DocumentOf<Spec>) => ArrayModel<Name>,
): MethodEngine<Spec> {
  const stateOf = (model: ArrayModel<Name>, checkpoint: CheckpointState): Arrays<Name> =>
    each(model.sizes, (name, size) => checkpointArray(checkpoint, name, size))
  return {
    createTrainer: (document, farm, from) => {
      const model = modelOf(document)
      if (from !== undefined) return new ArrayTrainer(model, farm, from.step, stateOf(model, from))
      const arrays = zeros(model.sizes)
      model.begin(arrays)
      return new ArrayTrainer(model, farm, 0, arrays)
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

/** Both moments of Adam, as a checkpoint names them. */
export const adamMoments = (size: number) => ({ 'adam.firstMoment': size, 'adam.secondMoment': size })

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
