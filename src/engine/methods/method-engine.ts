/** What a method's `engine.ts` gives, and how it is found. */
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { Experiment } from '../../shared/experiment.ts'
import type { VerifyResult } from '../../shared/results.ts'
import { methodOf, methods, type MethodSpec } from '../../methods/registry.ts'
import type { Farm } from '../farm/farm.ts'
import type { NetworkSource } from './network-source.ts'

/** A run under way. */
export interface Trainer {
  /** Steps done. */
  readonly done: number
  /**
   * One step. The state changes only if everything in it was finite.
   * @returns what was measured before the update, by the names of the method's metrics
   * @throws LabError `diverged`
   */
  step(): Promise<Record<string, number>>
  /** All that going on takes, bit for bit: a copy that later steps do not touch. */
  toCheckpoint(): CheckpointState
  /** The networks of now. */
  source(): NetworkSource
}

/** A document of one method. */
export type DocumentOf<Spec> = Omit<Experiment, 'method'> & { method: Spec }

export interface MethodEngine<Spec = MethodSpec> {
  /**
   * @param from where to go on; absent: at the initial state of the document's seed
   * @throws LabError `bad-input` when the checkpoint does not fit the document
   */
  createTrainer(document: DocumentOf<Spec>, farm: Farm, from?: CheckpointState): Trainer
  /** @throws LabError `bad-input` when the checkpoint does not fit the document */
  openSource(document: DocumentOf<Spec>, checkpoint: CheckpointState): NetworkSource
  /** Absent: nobody's numbers are known to check it against. */
  readonly golden?: {
    /** Of a file of golden numbers: tells that they are this method's. */
    readonly section: string
    /** @throws LabError `bad-input` when they are not in the expected form */
    verify(golden: unknown): Promise<VerifyResult>
  }
}

const load = async (kind: string): Promise<MethodEngine> =>
  ((await import(`../../methods/${kind}/engine.ts`)) as { engine: MethodEngine }).engine

/** The engine of a document's method. @throws LabError `bad-input` for an unknown method */
export async function methodEngine({ method }: Pick<Experiment, 'method'>): Promise<MethodEngine> {
  return load(methodOf(method).kind)
}

/** The networks of a checkpoint. @throws LabError `bad-input` when it does not fit the document */
export async function openSource(document: Experiment, checkpoint: CheckpointState): Promise<NetworkSource> {
  return (await methodEngine(document)).openSource(document, checkpoint)
}

/**
 * Checks the engine of the method that golden numbers are about.
 * @param golden as read from their JSON file
 * @throws LabError `bad-input` when they are no method's, or not in the form that it expects
 */
export async function verify(golden: unknown): Promise<VerifyResult> {
  const known = (await Promise.all(methods.map(({ kind }) => load(kind)))).flatMap((engine) => engine.golden ?? [])
  const own = known.find(({ section }) => Object.hasOwn(Object(golden) as object, section))
  if (own !== undefined) return own.verify(golden)
  throw new LabError(
    'bad-input',
    `The golden numbers are of no method that this version knows: they have no section ${known.map(({ section }) => section).join(' or ')}.`,
    'Give a JSON file of the form that docs/paper.md describes.',
  )
}
