/** The Gaussian over the last layer (Daxberger et al. 2021, section 2; Kronecker factors: Ritter et al. 2018). */
import { symmetricEigen } from '../../engine/analysis/symmetric-eigen.ts'
import type { Normal } from '../../engine/random/stream.ts'
import type { Curvature } from './last-layer.ts'

/**
 * Adds to a layer, [rows, classes], a draw from the normal distribution with precision images * A (x) G + priorPrecision, where A and G
 * are the means of the curvature's sums. In the eigenvectors of both, the precision is diagonal.
 * @param images of the training split, however many of them were summed
 */
export function drawLayer(sums: Curvature, images: number, priorPrecision: number): (stream: Normal, into: Float32Array) => void {
  const [summed] = sums['curvature.images']
  const eigenOf = (matrix: Float32Array) =>
    symmetricEigen(
      Float64Array.from(matrix, (sum) => sum / summed),
      Math.sqrt(matrix.length),
    )
  const [inner, outer] = [eigenOf(sums['curvature.inputs']), eigenOf(sums['curvature.outputs'])]
  const [rows, classes] = [inner.values.length, outer.values.length]
  const deviations = Float64Array.from({ length: rows * classes }, (_, k) => {
    const curvature = Math.max(0, inner.values[Math.floor(k / classes)]) * Math.max(0, outer.values[k % classes])
    return 1 / Math.sqrt(images * curvature + priorPrecision)
  })
  return (stream, into) => {
    const drawn = deviations.map((deviation) => deviation * stream.normal())
    // inner vectors * drawn * outer vectors'
    const half = new Float64Array(rows * classes)
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < rows; k++)
        for (let c = 0; c < classes; c++) half[i * classes + c] += inner.vectors[i * rows + k] * drawn[k * classes + c]
    for (let i = 0; i < rows; i++) {
      for (let c = 0; c < classes; c++) {
        let sum = 0
        for (let k = 0; k < classes; k++) sum += half[i * classes + k] * outer.vectors[c * classes + k]
        into[i * classes + c] += sum
      }
    }
  }
}
