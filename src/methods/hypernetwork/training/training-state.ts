/** Everything a run needs to go on, bit for bit: parameters, Adam's moments, batch-norm averages and the step. */
import { checkpointArray } from '../../../shared/checkpoint-array.ts'
import { checkpointNames } from '../parameter-layout.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import type { Hypernetwork } from '../generator/hypernetwork.ts'
import { initialParameters } from '../generator/initial-parameters.ts'

export interface TrainingState {
  /** Updates done. */
  step: number
  parameters: Float32Array
  firstMoment: Float32Array
  secondMoment: Float32Array
  averages: Float32Array
}

/** Name of each array in a checkpoint. */
const NAMES = { ...checkpointNames, firstMoment: 'adam.firstMoment', secondMoment: 'adam.secondMoment' } as const

export function initialState(hypernetwork: Hypernetwork, seed: number): TrainingState {
  const { parameterCount, averageCount } = hypernetwork.layout
  return {
    step: 0,
    parameters: initialParameters(hypernetwork.spec, hypernetwork.layout, seed),
    firstMoment: new Float32Array(parameterCount),
    secondMoment: new Float32Array(parameterCount),
    averages: new Float32Array(averageCount),
  }
}

/** A copy that later updates do not touch. */
export function toCheckpoint(state: TrainingState): CheckpointState {
  return {
    step: state.step,
    arrays: Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [name, state[key as keyof typeof NAMES].slice()])),
  }
}

/**
 * The state in a checkpoint.
 * @throws LabError `bad-input` when it does not fit the hypernetwork
 */
export function fromCheckpoint({ layout }: Hypernetwork, checkpoint: CheckpointState): TrainingState {
  const array = (key: keyof typeof NAMES) =>
    checkpointArray(checkpoint, NAMES[key], key === 'averages' ? layout.averageCount : layout.parameterCount)
  return {
    step: checkpoint.step,
    parameters: array('parameters'),
    firstMoment: array('firstMoment'),
    secondMoment: array('secondMoment'),
    averages: array('averages'),
  }
}
