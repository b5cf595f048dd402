/**
 * Jobs of the engine, with what they say on the way and at their end. One process serves one job; all these
 * are plain structured-clone values, and numbers in bulk travel as typed arrays.
 */
import type { DistilOptions } from './distil-options.ts'
import type { Experiment } from './experiment.ts'
import type { DistilResult, EnsembleResult, EvaluationResult, MapResult, Split, VerifyResult } from './results.ts'

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

/** Everything a run needs to go on: float32 arrays by name (see engine/hypernetwork/training-state.ts), and the step. */
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
      kind: 'evaluate'
      document: Experiment
      data: DataReference
      checkpoint: CheckpointState
      seed: number
      count: number
      split: Split
      /** The first images of the split; absent: all. */
      images?: number
    }
  | {
      kind: 'ensemble'
      /** Probability cache: float32 [networks, images, classes]. */
      probabilitiesPath: string
      networks: number
      /** Which of them vote; absent: all. */
      members?: number[]
      images: number
      classes: number
      data: DataReference
      split: Split
      sizes: number[]
      /** Random ensembles a size, at most. */
      draws: number
      seed: number
    }
  | {
      kind: 'distil'
      document: Experiment
      data: DataReference
      checkpoint: CheckpointState
      seed: number
      /** Networks in the ensemble that teaches. */
      count: number
      /** Their indices; absent: the first `count`. */
      members?: number[]
      split: Split
      images?: number
      options: DistilOptions
    }
  | {
      kind: 'map'
      document: Experiment
      checkpoint: CheckpointState
      seed: number
      count: number
      method: 'pca' | 'tsne'
      options: { perplexity: number; iterations: number; components: number }
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
  | { kind: 'evaluate'; result: EvaluationResult }
  | { kind: 'ensemble'; result: EnsembleResult }
  | {
      kind: 'distil'
      result: DistilResult
      /** Canonical flat weights of the student, and its target. */ weights: Float32Array
      target: Experiment['target']
    }
  | {
      kind: 'map'
      result: MapResult
      /** [n, 2] */
      coordinates: Float32Array
      /** Values to colour by that come from the weights alone: `norm` (L2) and `nearest` (L1 distance to the nearest neighbour), each [n]. */
      values?: Record<string, Float32Array>
    }
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
  /** A map while it is laid out: float32 [n, 2]. */
  | { type: 'coordinates'; iteration: number; iterations: number; coordinates: Float32Array }
  | { type: 'checkpoint'; reason: 'periodic' | 'paused' | 'finished' | 'stopped'; state: CheckpointState }
  /** Weights of sampled networks `first` and on, canonical flat layout, float32 [count, weights]. */
  | { type: 'weights'; first: number; count: number; weights: Float32Array }
  /** Probabilities of network `first` and on: float32 [count, images, classes]. */
  | { type: 'probabilities'; first: number; count: number; probabilities: Float32Array }
  | { type: 'log'; level: 'info' | 'warn'; message: string }
