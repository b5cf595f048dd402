/** The members of an ensemble, from what networks say of an analysis's images. */
import { splitRange } from '../../shared/split.ts'
import { indicesOf } from '../methods/network-source.ts'
import type { AnalysisTask } from './analysis-task.ts'

export interface KnownMembers {
  networks: number
  images: number
  classes: number
  /** [images] */
  labels: Uint8Array
  /** What one says, [images, classes]. */
  read: (member: number) => Float32Array
}

type Told = 'images' | 'data' | 'split' | 'probabilities'

export function membersOf({
  job,
  images: set,
  data,
  split,
  probabilities,
}: Pick<AnalysisTask<object>, Told> & { job: Pick<AnalysisTask<object>['job'], 'images' | 'members' | 'count'> }): KnownMembers {
  const { from, count } = splitRange(data.split, split)
  const { classes } = data
  const images = job.images ?? count
  const size = images * classes
  const indices = indicesOf(job)
  return {
    networks: indices.length,
    images,
    classes,
    labels: set.labels.subarray(from, from + images),
    read: (member) => probabilities.subarray(indices[member] * size, (indices[member] + 1) * size),
  }
}
