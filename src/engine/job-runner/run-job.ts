/** One job, start to end: the one entry through which an engine process does work. */
import { analysisParts } from '../../analyses/parts.ts'
import type { DataReference, EngineJob, JobOf, JobResult } from '../../shared/engine-protocol.ts'
import { noLatent, requireLatent } from '../cockpit/cockpit.ts'
import type { NetworkSource, SampledNetworks } from '../methods/network-source.ts'
import type { Farm } from '../farm/farm.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { openSource, verify } from '../methods/method-engine.ts'
import type { AnalysisTask, RunAnalysis } from './analysis-task.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import type { ImageSet } from '../target-network/program.ts'
import { createTargetProgram } from '../target-network/target-program.ts'
import { train } from '../training/train-job.ts'

/** What a job works with; whoever calls has read the files and opened the farm. */
export interface JobResources {
  context: JobContext
  /** Target networks of the job's document on the job's data; null for jobs that run none. */
  farm: Farm | null
  /** The job's data set; null for jobs without. */
  images: ImageSet | null
  /** The other data set of a job; null for jobs without. */
  outside: ImageSet | null
  /** What networks say of the job's images, [networks, images, classes]; null for jobs that do not work on that. */
  probabilities: Float32Array | null
  /** The same of validation images, for jobs that choose on these. */
  validation?: Float32Array | null
}

/**
 * Runs a job to its end.
 * @throws LabError as the job's kind says; `cancelled` when the person cancels
 */
export async function runJob(job: EngineJob, resources: JobResources): Promise<JobResult> {
  const { context } = resources
  switch (job.kind) {
    case 'train':
      return train(job, needed(resources.farm, 'farm'), needed(resources.images, 'images'), context)
    case 'sample':
      return sample(job, resources.images, context)
    case 'analysis':
      return analyse(job, resources)
    case 'verify':
      return { kind: 'verify', ...(await verify(job.golden)) }
  }
}

function needed<T>(part: T | null | undefined, name: string): T {
  if (part === null || part === undefined) throw new TypeError(`A job was started without its ${name}`)
  return part
}

async function sample(job: JobOf<'sample'>, images: ImageSet | null, context: JobContext): Promise<JobResult> {
  const source = await openSource(job.document, job.checkpoint)
  const pacer = new Pacer(context)
  const completed = job.data === undefined ? null : await completing(source.target, needed(images, 'images'), job.data, pacer)
  for (const { first, count, weights } of job.z === undefined
    ? source.networks(job.seed, job.first, job.count)
    : [generated(source, job.z)]) {
    context.emit({ type: 'weights', first, count, weights: (await completed?.(weights, count)) ?? weights.slice() })
    pacer.progress(first + count - job.first, job.count)
    await pacer.yieldToEventLoop()
  }
  return { kind: 'sample', count: job.count, seconds: pacer.seconds }
}

/** Makes networks complete, one after the other: [networks, weights] becomes [networks, completeCount]. */
async function completing(target: TargetLayout, images: ImageSet, { split }: DataReference, pacer: Pacer) {
  const program = await createTargetProgram(target, { reference: { images, trainCount: split.train } })
  const { weightCount, completeCount } = target
  return async (weights: Float32Array, count: number): Promise<Float32Array> => {
    const networks = new Float32Array(count * completeCount)
    for (let i = 0; i < count; i++) {
      networks.set(program.complete(weights.subarray(i * weightCount, (i + 1) * weightCount)), i * completeCount)
      await pacer.yieldToEventLoop()
    }
    return networks
  }
}

/** Networks of latent vectors. @throws LabError `invalid-argument` where they do not fit */
function generated({ latentSpace, latent }: NetworkSource, z: Float32Array): SampledNetworks {
  if (latentSpace === undefined || latent === null) throw noLatent()
  requireLatent(z, latent)
  return { first: 0, count: 1, weights: latentSpace.generate(z) }
}

async function analyse(
  job: JobOf<'analysis'>,
  { context, farm, images, outside, probabilities, validation }: JobResources,
): Promise<JobResult> {
  const { run } = await analysisParts.engine<RunAnalysis>(job.analysis)
  const task: AnalysisTask = {
    job,
    context,
    source: () => openSource(job.document, needed(job.checkpoint, 'checkpoint')),
    others: () => Promise.all((job.together?.others ?? []).map(({ document, checkpoint }) => openSource(document, checkpoint))),
    get farm() {
      return needed(farm, 'farm')
    },
    get images() {
      return needed(images, 'images')
    },
    get data() {
      return needed(job.data, 'data')
    },
    get split() {
      return needed(job.split, 'split')
    },
    get outside() {
      return needed(outside, 'other images')
    },
    get probabilities() {
      return needed(probabilities, 'probabilities')
    },
    get validation() {
      return needed(validation, 'validation')
    },
  }
  const { result, arrays = {} } = await run(task)
  return { kind: 'analysis', result, arrays }
}
