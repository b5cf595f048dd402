/** Teaches a student what an ensemble says of training images. */
import { distil } from '../../engine/distillation/distil.ts'
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import type { DistilOptions, DistilResult } from './definition.ts'

export const run: RunAnalysis<DistilOptions, DistilResult> = async ({ job, context, source, farm, images, data, split }) => {
  const { result, weights, target } = await distil({
    source: await source(),
    farm,
    images,
    data,
    seed: job.seed,
    count: job.count,
    members: job.members,
    split,
    evaluationImages: job.images,
    options: job.options,
    target: job.targets?.[0],
    context,
  })
  return { result: { ...result, target }, arrays: { weights: { shape: [weights.length], data: weights } } }
}
