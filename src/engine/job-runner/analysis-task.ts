/** What the engine part of an analysis (`engine.ts` in its folder) works with, and what it gives back. */
import type { NamedArrays } from '../../analyses/analysis.ts'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import type { Split } from '../../shared/split.ts'
import type { Farm } from '../farm/farm.ts'
import type { NetworkSource } from '../methods/network-source.ts'
import type { ImageSet } from '../target-network/program.ts'
import type { JobContext } from '../job/context.ts'

/** Asking for what the definition's `worksOn` does not name is a defect, and throws. */
export interface AnalysisTask<O extends object = Record<string, unknown>> {
  /** Which networks, which images, and the options, all settled. */
  job: Omit<JobOf<'analysis'>, 'options'> & { options: O }
  context: JobContext
  /** Gives the networks. */
  source: () => Promise<NetworkSource>
  /** Gives those of the other runs of `job.together`, in their order. */
  others: () => Promise<NetworkSource[]>
  /** Runs networks on the images. */
  readonly farm: Farm
  readonly images: ImageSet
  readonly data: DataReference
  readonly split: Split
  /** Images of another data set. */
  readonly outside: ImageSet
  /** What the first networks of the seed say, [networks, images, classes]. */
  readonly probabilities: Float32Array
  /** The same of the first `job.validation.images` validation images. */
  readonly validation: Float32Array
}

export interface Findings<R extends object = object> {
  result: R
  /** Stored beside the result. */
  arrays?: NamedArrays
}

/** @throws LabError as the analysis says; `cancelled` */
export type RunAnalysis<O extends object = Record<string, unknown>, R extends object = object> = (
  task: AnalysisTask<O>,
) => Promise<Findings<R>>
