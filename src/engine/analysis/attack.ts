/** How images are changed to fool networks: by the sign of the gradient once, or by projected gradient descent. */
import type { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import type { TargetProgram } from '../target-network/program.ts'
import type { AdversarialOptions } from '../../analyses/adversarial/definition.ts'

/** Weights of some networks. */
export type Members = readonly Float32Array[]

/** [images, classes] */
export function meanProbabilities(program: TargetProgram, members: Members, pixels: Float32Array, images: number): Float32Array {
  const sum = program.probabilities(members[0], pixels, 1, images)
  for (const weights of members.slice(1)) for (const [i, p] of program.probabilities(weights, pixels, 1, images).entries()) sum[i] += p
  return members.length === 1 ? sum : sum.map((p) => p / members.length)
}

/** Of the cross-entropy of networks' mean probability with respect to pixels: each one's own, weighted by what it says of the class. */
export function imageGradient(program: TargetProgram, members: Members, pixels: Float32Array, labels: Int32Array): Float32Array {
  if (members.length === 1) return program.imageGradient(members[0], pixels, labels)
  const images = labels.length
  const size = pixels.length / images
  const said = members.map((weights) => {
    const probabilities = program.probabilities(weights, pixels, 1, images)
    return Float64Array.from(labels, (label, image) => probabilities[(image * probabilities.length) / images + label])
  })
  const gradient = new Float32Array(pixels.length)
  for (const [member, weights] of members.entries()) {
    const own = program.imageGradient(weights, pixels, labels)
    for (let image = 0; image < images; image++) {
      const all = said.reduce((sum, one) => sum + one[image], 0)
      // Where all say nothing of it, they count alike.
      const weight = all > 0 ? said[member][image] / all : 1 / members.length
      for (let i = image * size; i < (image + 1) * size; i++) gradient[i] += weight * own[i]
    }
  }
  return gradient
}

interface Descent extends Pick<AdversarialOptions, 'steps' | 'stepSize' | 'randomStart' | 'clip'> {
  seed: number
  /** Index of the first of the images. */
  first: number
  /** Of 255: no pixel ends further from where it was. */
  k: number
  pixels: Float32Array
  /** Numbers of an image. */
  size: number
  /** Which way each pixel is to go. */
  step: (pixels: Float32Array) => Float32Array
  pacer: Pacer
}

/** Projected gradient descent (Madry et al. 2018) in the maximum norm. @returns the images where it led */
export async function descend({
  steps,
  stepSize,
  randomStart,
  clip,
  seed,
  first,
  k,
  pixels,
  size,
  step,
  pacer,
}: Descent): Promise<Float32Array> {
  const most = k / 255
  const length = stepSize === undefined ? (2.5 * most) / steps : stepSize / 255
  const within = (value: number, i: number): number => {
    const near = Math.min(pixels[i] + most, Math.max(pixels[i] - most, value))
    return clip ? Math.min(1, Math.max(0, near)) : near
  }
  let now = pixels.slice()
  // An image begins at the same place whichever others are attacked with it.
  for (let image = 0; randomStart && image * size < now.length; image++) {
    const stream = randomStream(seed, 'attack-start', k, first + image)
    for (let i = image * size; i < (image + 1) * size; i++) now[i] = within(now[i] + most * (2 * stream.uniform() - 1), i)
  }
  for (let taken = 0; taken < steps; taken++) {
    const direction = step(now)
    now = now.map((value, i) => within(value + length * direction[i], i))
    await pacer.yieldToEventLoop()
  }
  return now
}

/** A wrong class, the same for an image whatever else is asked. */
export function targetOf(seed: number, image: number, label: number, classes: number): number {
  const drawn = randomStream(seed, 'adversarial-targets', 0, image).integer(classes - 1)
  return drawn < label ? drawn : drawn + 1
}

/** x + k / 255 sign, between black and white where they are clipped. */
export function perturbed(pixels: Float32Array, signs: Float32Array, k: number, clip: boolean): Float32Array {
  const changed = new Float32Array(pixels.length)
  for (let i = 0; i < pixels.length; i++) {
    const value = pixels[i] + (k / 255) * signs[i]
    changed[i] = clip ? Math.min(1, Math.max(0, value)) : value
  }
  return changed
}
