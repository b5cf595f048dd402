/** A share whose arithmetic is plain JavaScript, for tests of what lies around it. */
import { layOut } from '../../target/layout.ts'
import type { TargetProgram } from '../../target/program.ts'
import { NetworkShare } from '../network-share.ts'

const side = 3
const classes = 2
const layout = layOut({ input: { height: side, width: side, channels: 1 }, layers: [{ kind: 'dense', units: classes, activation: 'none' }] })

export const smallWeightCount = layout.weightCount
export const smallClasses = classes
export const smallImages = 40

/** Sums that tell weights, images and labels of one network apart from those of any other. */
const program: TargetProgram = {
  lossAndGradient(weights, images, labels, n, batch) {
    const pixels = images.length / (n * batch)
    const loss = new Float32Array(n)
    const accuracy = new Float32Array(n)
    const gradient = weights.map((w, k) => {
      const at = Math.floor(k / layout.weightCount) * batch
      const own = k % layout.weightCount
      return w * 2 + images[at * pixels + (own % pixels)]! + labels[at + (own % batch)]!
    })
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < batch * pixels; k++) loss[i]! += images[i * batch * pixels + k]! * weights[i * layout.weightCount]!
      accuracy[i] = labels[i * batch]! / 10
    }
    return { loss, accuracy, gradient }
  },
  probabilities(weights, images, n, count) {
    const pixels = images.length / count
    return Float32Array.from({ length: n * count * classes }, (_, k) => {
      const [network, image] = [Math.floor(k / (count * classes)), Math.floor(k / classes) % count]
      return weights[network * layout.weightCount + (k % classes)]! * images[image * pixels]!
    })
  },
  logits: () => new Float32Array(0),
}

/** @param spoil runs before each piece of arithmetic */
export function smallShare(spoil: () => void = () => undefined): NetworkShare {
  const images = Uint8Array.from({ length: smallImages * side * side }, (_, i) => (i * 37) % 256)
  const labels = Uint8Array.from({ length: smallImages }, (_, i) => i % 10)
  return new NetworkShare({
    layout,
    program: {
      ...program,
      lossAndGradient: (...of) => {
        spoil()
        return program.lossAndGradient(...of)
      },
      probabilities: (...of) => {
        spoil()
        return program.probabilities(...of)
      },
    },
    images: { images, labels, count: smallImages, height: side, width: side, channels: 1 },
    seed: 5,
    trainCount: 30,
    imageBatch: 4,
  })
}
