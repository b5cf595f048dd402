/** What a method's `engine.ts` gives, and how it is found. */
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { methodOf, type MethodSpec } from '../../methods/registry.ts'
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
}

/** The engine of a document's method. @throws LabError `bad-input` for an unknown method */
export async function methodEngine({ method }: Pick<Experiment, 'method'>): Promise<MethodEngine> {
  const { kind } = methodOf(method)
  const { engine } = (await import(`../../methods/${kind}/engine.ts`)) as { engine: MethodEngine }
  return engine
}

/** The networks of a checkpoint. @throws LabError `bad-input` when it does not fit the document */
export async function openSource(document: Experiment, checkpoint: CheckpointState): Promise<NetworkSource> {
  return (await methodEngine(document)).openSource(document, checkpoint)
}
