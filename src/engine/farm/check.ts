/** What every farm checks before it sends work out: a wrong length here would be a wrong network there. */
import { LabError, defect } from '../../shared/errors.ts'

/** @throws LabError `internal` unless the weights are those of n networks */
export function checkWeights(weights: Float32Array, n: number, weightCount: number): void {
  if (weights.length === n * weightCount) return
  throw defect(`A farm was given ${weights.length} numbers for ${n} networks of ${weightCount} weights.`)
}

/** @throws LabError `invalid-argument` unless the data set has the images asked for */
export function checkImages(from: number, count: number, available: number): void {
  if (from >= 0 && count >= 0 && from + count <= available) return
  throw new LabError(
    'invalid-argument',
    `Images ${from} to ${from + count} were asked for, but the data set has ${available}.`,
    'Ask for fewer images, or for another split.',
  )
}
