/** What a method's `exported.ts` gives: a network that makes networks, for other programs. */
import type { NamedArray, OnnxGraph } from '../layers/exports.ts'
import type { CheckpointState } from '../shared/engine-protocol.ts'
import { methodOf, type MethodSpec } from './registry.ts'
import type { TargetLayout } from '../shared/target-layout.ts'

/** A network that turns latent vectors into weights. */
export interface ExportedGenerator {
  /** Numbers of a latent vector. */
  latent: number
  /** Its parameters, and what else it is run with. */
  arrays: readonly NamedArray[]
  /**
   * Adds it to a graph whose `current` is z, [n, latent].
   * @returns its outputs, by the names that arrays of a network have, each [n, ...shape]: what is sampled, gauge and all
   */
  addTo(graph: OnnxGraph): { name: string; shape: readonly number[] }[]
}

type ExportGenerator<Spec = MethodSpec> = (spec: Spec, target: TargetLayout, checkpoint: CheckpointState) => ExportedGenerator

/**
 * The generator of a checkpoint; null: the method has none.
 * @throws LabError `bad-input` when the checkpoint does not fit
 */
export async function exportedGenerator(
  spec: MethodSpec,
  target: TargetLayout,
  checkpoint: CheckpointState,
): Promise<ExportedGenerator | null> {
  const { kind, hasGenerator } = methodOf(spec)
  if (hasGenerator !== true) return null
  const { exportGenerator } = (await import(`./${kind}/exported.ts`)) as { exportGenerator: ExportGenerator }
  return exportGenerator(spec, target, checkpoint)
}
