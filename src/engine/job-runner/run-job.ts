/** One job, start to end: the one entry through which an engine process does work. */
import type { EngineJob, JobOf, JobResult } from '../../shared/engine-protocol.ts'
import { mapNetworks } from '../analysis/map-job.ts'
import { distil } from '../distillation/distil.ts'
import { ensembleResult } from '../ensemble/ensemble-result.ts'
import type { Farm } from '../farm/farm.ts'
import { evaluate, splitRange } from '../sampling/evaluate.ts'
import { openSource } from '../methods/method-engine.ts'
import type { ImageSet } from '../target-network/program.ts'
import { train } from '../training/train-job.ts'
import { verify } from '../verification/verify.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'

/** What a job works with; whoever calls has read the files and opened the farm. */
export interface JobResources {
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
export async function runJob(job: EngineJob, resources: JobResources): Promise<JobResult> {
  const { context } = resources
  switch (job.kind) {
    case 'train':
      return train(job, needed(resources.farm, job), needed(resources.images, job), context)
    case 'sample':
      return sample(job, context)
    case 'evaluate':
      return evaluateSampled(job, resources)
    case 'ensemble':
      return ensemble(job, resources)
    case 'verify':
      return { kind: 'verify', ...(await verify(job.golden)) }
    case 'map':
      return mapNetworks(job, context)
    case 'distil':
      return distilEnsemble(job, resources)
  }
}

function needed<T>(part: T | null, job: EngineJob): T {
  if (part === null) throw new TypeError(`A job of kind ${job.kind} was started without its parts`)
  return part
}

async function sample(job: JobOf<'sample'>, context: JobContext): Promise<JobResult> {
  const source = await openSource(job.document, job.checkpoint)
  const pacer = new Pacer(context)
  for (const { first, count, weights } of source.networks(job.seed, job.first, job.count)) {
    context.emit({ type: 'weights', first, count, weights: weights.slice() })
    pacer.progress(first + count - job.first, job.count)
    await pacer.yieldToEventLoop()
  }
  return { kind: 'sample', count: job.count, seconds: pacer.seconds }
}

async function evaluateSampled(job: JobOf<'evaluate'>, resources: JobResources): Promise<JobResult> {
  const { context } = resources
  const result = await evaluate({
    source: await openSource(job.document, job.checkpoint),
    farm: needed(resources.farm, job),
    labels: needed(resources.images, job).labels,
    data: job.data,
    seed: job.seed,
    count: job.count,
    split: job.split,
    images: job.images,
    context,
    onProbabilities: (first, count, probabilities) => context.emit({ type: 'probabilities', first, count, probabilities }),
  })
  return { kind: 'evaluate', result }
}

async function ensemble(job: JobOf<'ensemble'>, resources: JobResources): Promise<JobResult> {
  const probabilities = needed(resources.probabilities, job)
  const { from } = splitRange(job.data.split, job.split)
  const size = job.images * job.classes
  const members = job.members ?? Array.from({ length: job.networks }, (_, network) => network)
  const result = await ensembleResult({
    read: (member) => probabilities.subarray(members[member] * size, (members[member] + 1) * size),
    networks: members.length,
    images: job.images,
    classes: job.classes,
    labels: needed(resources.images, job).labels.subarray(from, from + job.images),
    split: job.split,
    sizes: job.sizes,
    draws: job.draws,
    seed: job.seed,
    context: resources.context,
  })
  return { kind: 'ensemble', result }
}

async function distilEnsemble(job: JobOf<'distil'>, resources: JobResources): Promise<JobResult> {
  const { result, weights, target } = await distil({
    source: await openSource(job.document, job.checkpoint),
    farm: needed(resources.farm, job),
    images: needed(resources.images, job),
    data: job.data,
    seed: job.seed,
    count: job.members?.length ?? job.count,
    members: job.members,
    split: job.split,
    evaluationImages: job.images,
    options: job.options,
    context: resources.context,
  })
  return { kind: 'distil', result, weights, target }
}
