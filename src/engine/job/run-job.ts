/** One job, start to end: the single door through which an engine process does work. */
import type { EngineJob, JobResult } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Farm } from '../farm/farm.ts'
import type { ImageSet } from '../target/program.ts'
import type { JobContext } from './context.ts'

/** What a job works with; whoever calls has read the files and opened the farm. */
export interface JobParts {
  context: JobContext
  /** Target networks of the job's document on the job's data; null for jobs without (sample, ensemble, map). */
  farm: Farm | null
  /** The job's data set; null for jobs without. */
  images: ImageSet | null
  /** Contents of an ensemble job's probability cache, [networks, images, classes]; null for other jobs. */
  probabilities: Float32Array | null
}

/**
 * Runs a job to its end.
 * @throws LabError as the job's kind says; `cancelled` when the person cancels
 */
export async function runJob(job: EngineJob, parts: JobParts): Promise<JobResult> {
  void parts
  throw new LabError('internal', `Jobs of kind ${job.kind} cannot be run yet.`, 'Use a version that can.')
}
