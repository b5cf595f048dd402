/** Evaluation: how accurate sampled networks are, one by one, and how different from each other. */
import { z } from 'zod'
import { splitSchema } from '../../shared/split.ts'
import { count, duration, fraction, percent, plural } from '../../shared/wording.ts'
import type { Analysis } from '../analysis.ts'

/** Networks of which the entropy is estimated at most: the estimate costs n^2 and depends on n, so a common n compares. */
export const maxEntropyNetworks = 200

const options = z.strictObject({})

const result = z.object({
  n: z.int(),
  images: z.int(),
  split: splitSchema,
  /** Accuracies over networks, fractions of 1. */
  mean: z.number(),
  /** Standard deviation over networks. */
  std: z.number(),
  min: z.number(),
  max: z.number(),
  /** Mean cross-entropy, nats. */
  loss: z.number(),
  /** Entropy estimate over the first {@link maxEntropyNetworks} networks, with d = the latent dimension; null: one network alone, or a method without. */
  entropy: z.number().nullable(),
  /** Of each network, in order of index. */
  accuracies: z.array(z.number()),
  losses: z.array(z.number()),
  /** Mean over images of the square of the share of networks that are right, and of their mean loss: what intervals over images need; absent in older results. */
  squares: z.object({ accuracy: z.number(), loss: z.number() }).optional(),
  seconds: z.number(),
})
export type EvaluationResult = z.infer<typeof result>

export const evaluation: Analysis<z.infer<typeof options>, EvaluationResult> = {
  kind: 'evaluation',
  command: 'evaluate',
  title: 'Evaluation',
  plural: 'Evaluations',
  section: 'Sampled networks',
  summary: 'accuracy and loss of sampled networks',
  description:
    'Samples networks and tests each on the same images: mean accuracy, spread, best and worst, loss, and how diverse they are.\nWhat each network says of each image is kept, so that "ensemble" needs no second pass, and asking again is instant.',
  examples: ['latest -n 200', 'calm-otter -n 200 --split test --images all   the figure for a paper'],
  help: `Loss is in nats; entropy is the nearest-neighbour estimate over the first ${maxEntropyNetworks} networks (fewer: over all): more is more diverse.`,
  options,
  result,
  networks: { min: 1, help: 'how many networks' },
  images: { default: 1000, help: 'the first M images of the split, or "all"' },
  worksOn: 'images',
  givesProbabilities: true,
  reuses: true,
  parts: ['report'],
  words: {
    task: (networks, run) => `Test ${networks} of ${run}`,
    stage: 'Testing networks',
    doing: 'evaluating',
    unit: 'networks',
  },
  total: (_options, networks) => networks,
  // The one on most images, and among those of most networks: the others are rougher.
  compare: ({ result: a }, { result: b }) => a.images - b.images || a.n - b.n,
  headline: ({ result: { n, images, split, mean, min, max } }) =>
    `${plural(n, 'network')} on ${count(images)} ${split} images: ${percent(mean)} right on average, ${percent(min)} to ${percent(max)}`,
  show: ({ result: { n, images, split, mean, std, min, max, loss, entropy, accuracies, seconds } }) => ({
    charts: [{ kind: 'histogram', title: 'Accuracy of sampled networks', unit: 'share', values: accuracies }],
    rows: [
      ['networks', `${n}, each on ${images} ${split} images (in ${duration(seconds)})`],
      ['accuracy', `${percent(mean)} on average, spread ${percent(std)}, from ${percent(min)} to ${percent(max)}`],
      ['loss', `${loss.toFixed(4)} nats`],
      ...(entropy === null ? [] : [['entropy', entropy.toFixed(1)] as const]),
    ],
  }),
  figures: [
    { label: 'Network', unit: 'share', of: ({ result: { mean, std } }) => ({ value: mean, note: `mean, s.d. ${fraction(std)}` }) },
    {
      label: 'Entropy',
      unit: 'nats',
      of: ({ result: { entropy, n } }) =>
        entropy === null ? undefined : { value: entropy, note: `nats, over ${plural(Math.min(n, maxEntropyNetworks), 'network')}` },
    },
  ],
  values: ({ result }) => ({ accuracy: result.mean }),
}
