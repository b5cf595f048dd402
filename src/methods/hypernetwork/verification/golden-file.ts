/**
 * Golden numbers: files of numbers computed by the authors' own code, to check the engine against. Sizes
 * (image, channels, batches, widths) are whatever the arrays have.
 */
import { z } from 'zod'
import { LabError } from '../../../shared/errors.ts'

/** A nested list of numbers, row-major. */
export type Nested = number | Nested[]
const nested: z.ZodType<Nested> = z.lazy(() => z.union([z.number(), z.array(nested)]))
const tensors = z.record(z.string(), nested)

const goldenSchema = z.looseObject({
  c_hypernetwork_variables: z
    .looseObject({
      NumberOfParameters: z.number(),
      NumberOfWeights: z.number(),
      trainable: z.array(z.tuple([z.string(), z.array(z.number())])),
    })
    .optional(),
  /** Its points stand under a name that begins with `input` and goes on with their sizes. */
  a_entropy: z.looseObject({ values: z.record(z.string(), z.number()), nearest_l1: nested }).optional(),
  b_gauge: z.looseObject({
    config: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.number())]).transform(String)),
    before: tensors,
    after: tensors,
    images: nested,
    logits_before: nested,
    logits_after: nested,
    probs_after: nested.optional(),
  }),
  d_tiny_hypernetwork_train_mode: z.looseObject({
    z: nested,
    x: nested,
    labels: nested,
    trainable_values: tensors,
    lambda: z.number(),
    d: z.number(),
    loss: z.number(),
    cross_entropy: z.number(),
    entropy: z.number(),
    flattened_network: nested,
    logits: nested,
    grad_loss: tensors,
    grad_cross_entropy: tensors,
    grad_entropy: tensors,
  }),
})
export type Golden = z.infer<typeof goldenSchema>

/**
 * Checks the form of golden numbers.
 * @throws LabError `bad-input` naming the first place that is not as it should be
 */
export function parseGolden(value: unknown): Golden {
  const parsed = goldenSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new LabError(
    'bad-input',
    `The golden numbers are not in the expected form: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unreadable'}.`,
    'Give a JSON file with the sections b_gauge and d_tiny_hypernetwork_train_mode (docs/paper.md describes it).',
  )
}

/**
 * The points that `a_entropy` is about, [n, dimension].
 * @throws LabError `bad-input` when it has none
 */
export function goldenPoints(section: NonNullable<Golden['a_entropy']>): Nested {
  const name = Object.keys(section).find((key) => key.startsWith('input'))
  const parsed = nested.safeParse(name === undefined ? undefined : section[name])
  if (parsed.success) return parsed.data
  throw new LabError(
    'bad-input',
    'The golden numbers are not in the expected form: a_entropy has no points.',
    'Give them under a name that begins with "input", as a list of lists of numbers.',
  )
}
