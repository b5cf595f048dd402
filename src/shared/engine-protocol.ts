/**
 * Jobs of the engine, with what they say on the way and at their end. One process serves one job; all these
 * are plain structured-clone values, and numbers in bulk travel as typed arrays.
 */
import type { z } from 'zod'
import type { NamedArrays } from '../analyses/analysis.ts'
import type { RunPart } from '../analyses/run-part.ts'
import type { Experiment, Target } from './experiment.ts'
import type { checkpointStateSchema, jobEventSchemas, metricPointSchema } from './job-events.ts'
import type { Split, SplitSizes } from './split.ts'
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
  split: SplitSizes
  /** Places of the images in their files, in the order in which the split counts them; absent: as they lie. */
  order?: Uint32Array
}

/** Everything a run needs to go on: float32 arrays by the names that its method gives them, and the step. */
export type CheckpointState = z.infer<typeof checkpointStateSchema>

/** How target networks are run: each by itself, spread over processes, or all in one go on one device. */
export type NetworksRun = 'one by one' | 'all at once'

/** A file of what networks said. */
export interface SaidBefore {
  path: string
  networks: number
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
      /** How the run was begun, and so goes on: both give the same numbers, but not the same last bits. Absent: as suits the device. */
      networks?: NetworksRun
    }
  | {
      kind: 'sample'
      document: Experiment
      checkpoint: CheckpointState
      seed: number
      /** Index of the first network, and how many. */
      first: number
      count: number
      /** Those of these latent vectors instead, [count, latent]. */
      z?: Float32Array
      /** Where the statistics are found that networks answer with: they come behind the weights then. Absent: weights alone. */
      data?: DataReference
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
      /** Another data set that it is asked about, too, and its name. */
      outside?: DataReference & { name: string }
      /** What the first `networks` of the seed say: float32 [networks, images, classes]; of a longer file the beginning. */
      probabilities?: SaidBefore
      /** The same of the first images of the validation split, where it chooses on these and is asked of others. */
      validation?: SaidBefore & { images: number }
      /** Where networks of other runs are laid beside them: of which runs all are, the run's own first, and what makes those of each other one. */
      together?: { parts: RunPart[]; others: { document: Experiment; checkpoint: CheckpointState }[] }
      seed: number
      count: number
      /** Indices of the networks; absent: the first `count`. */
      members?: number[]
      /** Target networks that its options name, in order. */
      targets?: Target[]
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

export type MetricPoint = z.infer<typeof metricPointSchema>

/** The last message of a job that ended well. */
export type JobResult =
  | { kind: 'train'; step: number; reason: 'finished' | 'paused' }
  | { kind: 'sample'; count: number; seconds: number }
  | { kind: 'analysis'; /** As its schema says. */ result: object; arrays: NamedArrays }
  | ({ kind: 'verify' } & VerifyResult)

export type ResultOf<K extends JobKind> = Extract<JobResult, { kind: K }>

/** What a job says while it runs. */
export type JobEvent = z.infer<(typeof jobEventSchemas)[keyof typeof jobEventSchemas]>
