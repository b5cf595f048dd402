/** A target network in plain loops: what every file of it is compared with. */
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'

/** Probabilities of one network on images [count, height, width, channels], flat [count, classes]. */
export function runTarget(target: Target, weights: Float32Array, pixels: Float32Array, count: number): number[] {
  const size = pixels.length / count
  return Array.from({ length: count }, (_, i) => softmax(forward(target, weights, [...pixels.subarray(i * size, (i + 1) * size)]))).flat()
}

function forward(target: Target, weights: Float32Array, image: number[]): number[] {
  let values = image
  for (const { layer, input, fanIn, filters, kernelOffset, biasOffset } of layOut(target).layers) {
    const kernel = weights.subarray(kernelOffset, biasOffset)
    const bias = weights.subarray(biasOffset, biasOffset + filters)
    const activate = (sum: number) => (layer.activation === 'relu' ? Math.max(0, sum) : sum)
    if (layer.kind === 'dense') {
      const inputs = values
      values = Array.from(bias, (offset, unit) =>
        activate(inputs.reduce((sum, value, i) => sum + value * kernel[i * filters + unit], offset)),
      )
      continue
    }
    const [height, width, channels] = input
    const before = Math.floor((layer.kernel - 1) / 2)
    const convolved = new Array<number>(height * width * filters)
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        for (let filter = 0; filter < filters; filter++) {
          let sum = bias[filter]
          for (let tap = 0; tap < fanIn; tap++) {
            const y = row + Math.floor(tap / (layer.kernel * channels)) - before
            const x = column + (Math.floor(tap / channels) % layer.kernel) - before
            if (y >= 0 && y < height && x >= 0 && x < width)
              sum += values[(y * width + x) * channels + (tap % channels)] * kernel[tap * filters + filter]
          }
          convolved[(row * width + column) * filters + filter] = activate(sum)
        }
      }
    }
    values = pooled(convolved, height, width, filters, layer.pool)
  }
  return values
}

/** SAME pooling pads evenly, the odd pixel after. */
function pooled(values: number[], height: number, width: number, filters: number, pool: number): number[] {
  const [rows, columns] = [Math.ceil(height / pool), Math.ceil(width / pool)]
  const top = Math.floor((rows * pool - height) / 2)
  const left = Math.floor((columns * pool - width) / 2)
  const result = new Array<number>(rows * columns * filters).fill(-Infinity)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let filter = 0; filter < filters; filter++) {
        const at = (Math.floor((y + top) / pool) * columns + Math.floor((x + left) / pool)) * filters + filter
        result[at] = Math.max(result[at], values[(y * width + x) * filters + filter])
      }
    }
  }
  return result
}

function softmax(logits: number[]): number[] {
  const largest = Math.max(...logits)
  const powers = logits.map((logit) => Math.exp(logit - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((power) => power / sum)
}
