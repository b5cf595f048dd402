/** Memory: whether a job fits, before it starts; and whether want of it was what an error tells of. */
import { jobName } from '../../analyses/job-name.ts'
import type { DataReference, EngineJob, JobKind } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { imageCosts, layOut, type TargetLayout } from '../../shared/target-layout.ts'
import { processBytes, referenceBytes, trainingBytes } from '../../shared/training-memory.ts'
import { bytes, plural } from '../../shared/wording.ts'

const float = 4

/** Bytes that the job's processes need together, at least: what they hold at once, not what allocators take on top. */
export function estimateBytes(job: EngineJob, processes: number): number {
  switch (job.kind) {
    case 'train':
      return trainingBytes(job.document, job.data, processes)
    case 'sample':
      return processBytes + setBytes(job.data) + completeBytes(layOut(job.document.target), job.count)
    case 'analysis': {
      const { document, data, outside, together, split, images, probabilities, validation } = job
      const { weightCount, classes } = layOut(document.target)
      const count = together?.parts.reduce((sum, part) => sum + part.count, 0) ?? job.count
      const said = split === undefined ? 0 : (images ?? data?.split[split] ?? 0) * classes
      // What networks said before; networks that are run on images; weights alone, and a copy to work on.
      if (probabilities !== undefined) {
        const onValidation = (validation?.networks ?? 0) * (validation?.images ?? 0) * classes
        return processBytes + float * (probabilities.networks * said + onValidation)
      }
      if (data !== undefined)
        return processes * (processBytes + imageBytes(document, data)) + setBytes(outside) + float * count * (weightCount + said)
      return processBytes + float * weightCount * 2 * count
    }
    case 'verify':
      return processBytes
  }
}

/** Networks that are sampled, so many at a time, and what finds their statistics. */
const completeBytes = (layout: TargetLayout, count: number): number =>
  float * layout.completeCount * Math.min(count, 200) + referenceBytes(layout)

const setBytes = (data: DataReference | undefined): number =>
  data === undefined ? 0 : data.count * data.height * data.width * data.channels

/** A data set, and what a batch of its images becomes on the way through a network. */
function imageBytes({ target, training }: Experiment, data: DataReference): number {
  const layout = layOut(target)
  return setBytes(data) + Math.max(float * training.imageBatch * imageCosts(layout).activations, referenceBytes(layout))
}

/**
 * @throws LabError `memory` when the job needs more than there is
 */
export function checkMemory(job: EngineJob, processes: number, available: number): void {
  const needed = estimateBytes(job, processes)
  if (needed <= available) return
  throw new LabError(
    'memory',
    `The job (${jobName(job)}, ${plural(processes, 'process', 'processes')}) needs at least ${bytes(needed)} of memory, and ${bytes(available)} are available.`,
    remedyFor(job.kind),
  )
}

/** What to do when a job has too little memory. */
export function remedyFor(kind: JobKind): string {
  if (kind === 'train') return 'Close other programs, or train with fewer networks or images per step, as a fork can.'
  return kind === 'analysis' ? 'Close other programs, or ask for fewer networks.' : 'Close other programs, and try again.'
}

const shortage = /bad_alloc|OOM when allocating|out of memory|Cannot allocate memory|Array buffer allocation failed/i

/** True when a message tells of an allocation that failed. */
export function tellsOfShortage(text: string): boolean {
  return shortage.test(text)
}

/** Turns an error of TensorFlow or Node that tells of a failed allocation into a LabError `memory`; others pass. */
export function outOfMemory(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof LabError || !tellsOfShortage(thrown.message)) return thrown
  return new LabError(
    'memory',
    `The engine ran out of memory: ${thrown.message.split('\n')[0]}`,
    'Close other programs, or ask for less at a time.',
    {
      cause: thrown,
    },
  )
}
