/**
 * A method makes networks: it trains something of its own, from which the weights of any number of target
 * networks, or of so many, are taken. All that is known of it before it runs stands in its definition;
 * `engine.ts` beside it does the work (src/engine/methods/method-engine.ts). Everything else asks the
 * definition, and never branches on a method's name.
 */
import type { z } from 'zod'
import type { TrainingSettings, EvaluationSettings } from '../shared/training.ts'
import type { Metric } from '../shared/metrics.ts'

/** What a method may know of the target network whose weights it makes. */
export interface TargetSizes {
  /** Layers that have parameters, in order. */
  readonly weighted: readonly {
    /** Numbers of one filter, its bias included. */
    readonly rows: number
    /** The same without its bias. */
    readonly fanIn: number
    readonly filters: number
    /** Codes that its parameters are generated from: one a filter, or 1 where they are generated whole. */
    readonly codes: number
  }[]
  /** Numbers in one network's weights. */
  readonly weightCount: number
}

/** A value that tells runs of a method apart: shown in lists, comparisons and reports. */
export interface Fact {
  label: string
  symbol?: string
  value: number
}

/** What a step and a checkpoint cost, beside the target networks themselves. */
export interface Arithmetic {
  /** Target networks that a step runs. */
  networks: number
  /** Of these, how many are trained; left out: all. */
  trained?: number
  /** Multiplications and additions that make one network's weights. */
  operations: number
  /** Operations of plain code (not of the tensor library) that a step does in one go, in which no message is let in. */
  inOneGo: number
  /** Numbers that go on from a checkpoint need: parameters and the optimiser's moments. */
  state: number
}

/** What of a method goes by the layers of the target. */
export interface ByLayer<Spec> {
  /** Of `method`: a list with a member for each layer with weights, or one member for all. */
  readonly key: string & keyof Spec
  /** Of a member under the same key, in words and limits. */
  readonly schema: z.ZodObject
  /** What follows from a layer where nobody chose. */
  memberOf(layer: TargetSizes['weighted'][number]): ByLayerMember
  /** How, in words. */
  readonly formula: string
}

/** Of a list that goes by layers. */
export type ByLayerMember = number | number[]

/** A starting point of this method. */
export interface MethodPreset<Spec> {
  /** Data set, and key of the target to start from (`starting-targets.ts`), with its colours scaled. Absent: MNIST and the paper's target for it. */
  on?: { data: 'cifar10'; target: string }
  name: string
  title: string
  description: string
  method: Spec
  training: TrainingSettings
  evaluation: EvaluationSettings
  seed: number
}

export interface MethodDefinition<Schema extends z.ZodType<{ kind: string }> = z.ZodType<{ kind: string }>> {
  readonly kind: z.output<Schema>['kind']
  readonly title: string
  /** One sentence. */
  readonly description: string
  /** Of `method` in a document. Its keys carry `.meta({ title, description, symbol, unit })`. */
  readonly schema: Schema
  /** What a step measures, in the order in which it is shown; the trainer gives these names. */
  readonly metrics: readonly Metric[]
  readonly presets: readonly MethodPreset<z.output<Schema>>[]
  /** Keys of `method` that cannot change in a fork: the checkpoint's weights would not fit. They decide how long a step takes, too. */
  readonly fixedInFork: readonly (string & keyof z.output<Schema>)[]
  /** Keys of `method` that a form shows at once, behind "more", and when a run is forked. */
  readonly form: Readonly<Record<'main' | 'more' | 'fork', readonly (string & keyof z.output<Schema>)[]>>
  /** Keys of older documents, and what they are called now: whole keys, or groups of which the rest stays. */
  readonly aliases: Readonly<Record<string, string>>
  /** The first says how many layers there are. Absent: nothing goes by them. */
  readonly byLayer?: readonly ByLayer<z.output<Schema>>[]
  /** How the step along the gradient is made; none: nothing is trained, and runs are made by an import. */
  readonly optimiser: 'adam' | 'sgd' | 'none'
  /** Absent: the learning rate is that of `training`, as it rises, decays and cools down. */
  readonly rate?: {
    /** What `training.learningRate` is then, for its field. */
    readonly description: string
    /** @param step from 0 */
    at(spec: z.output<Schema>, training: TrainingSettings, step: number): number
  }
  /** Dimension of the latent vector that a network comes from; null: the method has none. */
  latent(spec: z.output<Schema>): number | null
  /** Networks there are. */
  networks(spec: z.output<Schema>): number | 'any'
  facts(spec: z.output<Schema>): Fact[]
  arithmetic(spec: z.output<Schema>, target: TargetSizes): Arithmetic
  /** @throws LabError `invalid-argument` when it does not go with the target, naming the key */
  check(spec: z.output<Schema>, target: TargetSizes): void
  /** Where the weights come from, for a report: `generated from ...`. */
  origin(spec: z.output<Schema>, count: (value: number) => string): string
  /** The method in a few paragraphs, for a report; *stars* around symbols of the paper. */
  explanation(spec: z.output<Schema>, count: (value: number) => string): readonly string[]
  /** Whether `exported.ts` beside it gives what makes the weights, as a network for other programs (exported-generator.ts). */
  readonly hasGenerator?: boolean
  /** What to change where training diverged, in words. */
  readonly whenDiverged: string
  /** The work that describes it; absent: nobody knows how its networks were trained. */
  readonly reference?: { text: string; link: string; name: string }
}

/** What most methods say: Adam, no latent vector, any number of networks, every target, every key open to forks, no older names. */
const ordinary = {
  optimiser: 'adam' as const,
  fixedInFork: [],
  aliases: {},
  latent: () => null,
  networks: () => 'any' as const,
  check: () => undefined,
}

/** Checked where it is written; it says only what is not ordinary. */
export function defineMethod<const Schema extends z.ZodType<{ kind: string }>>(
  definition: Omit<MethodDefinition<Schema>, keyof typeof ordinary> & Partial<MethodDefinition<Schema>>,
): MethodDefinition<Schema> {
  return { ...ordinary, ...definition }
}

const ofAdam = new Set(['training.beta1', 'training.beta2', 'training.epsilon'])

/** Whether a setting, by its key in the document, means anything to a method. */
export const isUsed = ({ optimiser }: MethodDefinition, key: string): boolean =>
  optimiser === 'none' ? !/^(training|evaluation)\b/.test(key) : optimiser === 'adam' || !ofAdam.has(key)
