/** Tests each network on the same images, and tells what each says of each. */
import type { RunAnalysis } from '../../engine/job-runner/analysis-task.ts'
import { evaluate } from '../../engine/evaluation/evaluate.ts'
import type { EvaluationResult } from './definition.ts'

export const run: RunAnalysis<object, EvaluationResult> = async ({ job, context, source, farm, images, data, split }) => ({
  result: await evaluate({
    source: await source(),
    farm,
    labels: images.labels,
    data,
    seed: job.seed,
    count: job.count,
    split,
    images: job.images,
    context,
    diversity: true,
    onProbabilities: (first, count, probabilities) => context.emit({ type: 'probabilities', first, count, probabilities }),
  }),
})
