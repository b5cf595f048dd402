/** A local worker whose arithmetic is plain JavaScript, for tests of what lies around it. */
import { layOut } from '../../target-network/layout.ts'
import type { TargetProgram } from '../../target-network/program.ts'
import { LocalWorker } from '../local-worker.ts'

const side = 3
const pixels = side * side
const classes = 2
const layout = layOut({
  input: { height: side, width: side, channels: 1 },
  layers: [{ kind: 'dense', units: classes, activation: 'none' }],
})

export const smallWeightCount = layout.weightCount
export const smallClasses = classes
export const smallImages = 40

/** Sums that tell weights, images and labels of one network apart from those of any other. */
function program(spoil: () => void): TargetProgram {
  return {
    prepare: (set, indices) => ({
      count: indices.length,
      labels: Int32Array.from(indices, (i) => set.labels[i]),
      rows: Float32Array.from(
        { length: indices.length * pixels },
        (_, k) => set.images[indices[Math.floor(k / pixels)] * pixels + (k % pixels)] / 255,
      ),
    }),
    lossAndGradientOn(weights, prepared) {
      spoil()
      const gradient = weights.map((w, k) => {
        const { rows, labels } = prepared[Math.floor(k / layout.weightCount)]
        return w * 2 + rows[k % pixels] + labels[k % labels.length]
      })
      return {
        loss: Float32Array.from(prepared, ({ rows }, i) =>
          [...rows].reduce((sum, value) => sum + value * weights[i * layout.weightCount], 0),
        ),
        accuracy: Float32Array.from(prepared, ({ labels }) => labels[0] / 10),
        gradient,
      }
    },
    complete: (weights) => weights,
    probabilitiesOn(weights, { count, rows }, n) {
      spoil()
      return Float32Array.from({ length: n * count * classes }, (_, k) => {
        const [network, image] = [Math.floor(k / (count * classes)), Math.floor(k / classes) % count]
        return weights[network * layout.weightCount + (k % classes)] * rows[image * pixels]
      })
    },
    answersOn: unused,
    lossAndGradient: unused,
    probabilities: unused,
    imageGradient: unused,
    logits: unused,
  }
}

function unused(): never {
  throw new Error('A farm has no use for this.')
}

/** @param spoil runs before each piece of arithmetic */
export function smallWorker(spoil: () => void = () => undefined): LocalWorker {
  const images = Uint8Array.from({ length: smallImages * pixels }, (_, i) => (i * 37) % 256)
  const labels = Uint8Array.from({ length: smallImages }, (_, i) => i % 10)
  return new LocalWorker({
    layout,
    program: program(spoil),
    images: { images, labels, count: smallImages, height: side, width: side, channels: 1 },
    seed: 5,
    trainCount: 30,
    imageBatch: 4,
    augmentation: { randomShift: 0, randomFlip: false },
  })
}
