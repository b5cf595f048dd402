/**
 * Jobs of the engine, with what they say on the way and at their end. One process serves one job; all these
 * are plain structured-clone values, and numbers in bulk travel as typed arrays.
 */
import type { NamedArrays } from '../analyses/analysis.ts'
import type { Experiment } from './experiment.ts'
import type { EvaluationResult } from '../analyses/evaluation/definition.ts'
import type { Split } from './split.ts'
import type { VerifyResult } from './results.ts'

/** A data set as the store keeps it: two raw files, images uint8 row-major [count, height, width, channels], labels uint8. */
export interface DataReference {
  hash: string
  imagesPath: string
  labelsPath: string
  count: number
  height: number
  width: number
  channels: number
  classes: number
  /** First `train` images train, the next `validation` validate, the next `test` test. */
  split: { train: number; validation: number; test: number }
}

/** Everything a run needs to go on: float32 arrays by the names that its method gives them, and the step. */
export interface CheckpointState {
  step: number
  arrays: Record<string, Float32Array>
}

export type EngineJob =
  | {
      kind: 'train'
      document: Experiment
      data: DataReference
      /** Where to go on from; absent: from the initial weights. */
      from?: CheckpointState
      /** Stop (as finished) at this step, if before document.training.steps. */
      untilStep?: number
    }
  | {
      kind: 'sample'
      document: Experiment
      checkpoint: CheckpointState
      seed: number
      /** Index of the first network, and how many. */
      first: number
      count: number
    }
  | {
      kind: 'analysis'
      /** Which one: see src/analyses. */
      analysis: string
      document: Experiment
      /** What networks are generated with; absent where it works on what they say. */
      checkpoint?: CheckpointState
      /** Absent where it looks at weights alone. */
      data?: DataReference
      /** What the first `networks` of the seed say: float32 [networks, images, classes]; of a longer file the beginning. */
      probabilities?: { path: string; networks: number }
      seed: number
      count: number
      /** Indices of the networks; absent: the first `count`. */
      members?: number[]
      /** Absent where there is no data. */
      split?: Split
      /** The first images of the split. */
      images?: number
      options: Record<string, unknown>
    }
  | {
      kind: 'verify'
      /** Golden numbers as read from their file. */
      golden: unknown
    }

export type JobKind = EngineJob['kind']
export type JobOf<K extends JobKind> = Extract<EngineJob, { kind: K }>

/** One measured value; `at` is milliseconds since the epoch. */
export interface MetricPoint {
  step: number
  name: string
  value: number
  at: number
}

/** The last message of a job that ended well. */
export type JobResult =
  | { kind: 'train'; step: number; reason: 'finished' | 'paused' }
  | { kind: 'sample'; count: number; seconds: number }
  | { kind: 'analysis'; /** As its schema says. */ result: object; arrays: NamedArrays }
  | ({ kind: 'verify' } & VerifyResult)

export type ResultOf<K extends JobKind> = Extract<JobResult, { kind: K }>

/** What a job says while it runs. */
export type JobEvent =
  | { type: 'progress'; done: number; total: number; /** Seconds since the job began. */ seconds: number; note?: string }
  | { type: 'metrics'; points: MetricPoint[] }
  /** An evaluation during training. */
  | { type: 'evaluation'; step: number; result: EvaluationResult }
  /** First-layer filters of a few fixed networks while they learn: float32 [networks, filters, kernel, kernel, channels]. */
  | { type: 'filters'; step: number; networks: number; filters: number; kernel: number; channels: number; values: Float32Array }
  /** What an analysis has of its arrays so far: a map while it is laid out. */
  | { type: 'draft'; done: number; total: number; arrays: NamedArrays }
  | { type: 'checkpoint'; reason: 'periodic' | 'paused' | 'finished' | 'stopped'; state: CheckpointState }
  /** Weights of sampled networks `first` and on, canonical flat layout, float32 [count, weights]. */
  | { type: 'weights'; first: number; count: number; weights: Float32Array }
  /** Probabilities of network `first` and on: float32 [count, images, classes]. */
  | { type: 'probabilities'; first: number; count: number; probabilities: Float32Array }
  | { type: 'log'; level: 'info' | 'warn'; message: string }
