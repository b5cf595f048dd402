/** A target network in plain loops: what every file of it is compared with. */
import type { LayerLayout, TargetLayout } from '../../../../shared/target-layout.ts'

/** Probabilities of one network on images [count, height, width, channels], flat [count, classes]. */
export function runTarget({ layers }: TargetLayout, weights: Float32Array | Float64Array, pixels: Float32Array, count: number): number[] {
  const size = pixels.length / count
  return Array.from({ length: count }, (_, i) => softmax(forward(layers, weights, [...pixels.subarray(i * size, (i + 1) * size)]))).flat()
}

function forward(chain: readonly LayerLayout[], weights: Float32Array | Float64Array, image: readonly number[]): number[] {
  let values = [...image]
  for (const { definition, layer, input, arrays, statistics, chains } of chain) {
    const own = [...arrays, ...statistics].map(({ offset, size }) => weights.subarray(offset, offset + size))
    values = definition.plain(
      layer,
      values,
      input,
      own,
      chains.map((inner) => (read) => forward(inner, weights, read)),
    )
  }
  return values
}

function softmax(logits: number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
