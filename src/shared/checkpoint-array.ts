/** What a method's trainer reads its state from. */
import type { CheckpointState } from './engine-protocol.ts'
import { LabError } from './errors.ts'

/**
 * An array of a checkpoint, copied.
 * @throws LabError `bad-input` when it has not the size that the document needs
 */
export function checkpointArray({ step, arrays }: CheckpointState, name: string, size: number): Float32Array {
  const values = arrays[name]
  if (values?.length === size) return values.slice()
  throw new LabError(
    'bad-input',
    `The checkpoint of step ${step} holds ${values?.length ?? 0} numbers of "${name}", but the experiment needs ${size}.`,
    'Use a checkpoint of a run with the same target and method.',
  )
}
