/** Mixer, generators and discriminator of HyperGAN (Ratzlaff and Li 2019, section 3): perceptrons on the tape. */
import * as tf from '@tensorflow/tfjs-core'
import { fillNormal, randomStream, type Purpose } from '../../engine/random/stream.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import { heWeights } from '../../engine/training/he-weights.ts'
import { Taped, type Tensors } from '../../engine/training/taped.ts'
import type { HyperganSpec } from './schema.ts'
import { widthsOf } from './widths.ts'

export class HyperganModel {
  /** Mixer, generators of the layers in their order, and the discriminator last. */
  readonly taped: Taped
  readonly #spec: HyperganSpec
  readonly #target: TargetLayout
  readonly #parts: readonly { name: string; widths: readonly number[] }[]

  constructor(spec: HyperganSpec, target: TargetLayout) {
    const { mixer, generators, discriminator } = widthsOf(spec, target.weighted)
    this.#spec = spec
    this.#target = target
    this.#parts = [
      { name: 'mixer', widths: mixer },
      ...generators.map((widths, l) => ({ name: `generator${l}`, widths })),
      { name: 'discriminator', widths: discriminator },
    ]
    this.taped = new Taped(
      Object.fromEntries(
        this.#parts.flatMap(({ name, widths }) =>
          widths.slice(1).flatMap((width, i) => [
            [`${name}.weights${i}`, [widths[i], width]],
            [`${name}.biases${i}`, [width]],
          ]),
        ),
      ),
    )
  }

  /** Networks begin near one of He's, by the spread that is asked for. @param parameters zeros before */
  begin(seed: number, parameters: Float32Array): void {
    const { weighted, weightCount } = this.#target
    const views = this.taped.views(parameters)
    const center = new Float32Array(weightCount)
    heWeights(this.#target, seed, 'initial-weights', 0, center)
    let index = 0
    for (const [p, { name, widths }] of this.#parts.entries()) {
      for (let i = 0; i + 1 < widths.length; i++) {
        const isLast = i + 2 === widths.length
        const layer = isLast && name.startsWith('generator') ? weighted[p - 1] : undefined
        const share = layer === undefined ? 1 : this.#spec.initialSpread * Math.sqrt(2 / layer.fanIn)
        // The first layer reads what is normal, the others what a ReLU let through.
        const sigma = share * Math.sqrt((i === 0 ? 1 : 2) / widths[i])
        const stream = randomStream(seed, 'initial-weights', 1, index++)
        const weights = views[`${name}.weights${i}`]
        for (let k = 0; k < weights.length; k++) weights[k] = sigma * stream.normal()
        if (layer !== undefined) views[`${name}.biases${i}`].set(center.subarray(layer.offset, layer.offset + layer.rows * layer.filters))
      }
    }
  }

  /** Standard normal vectors of so many draws, [count, width]. */
  noise(seed: number, purpose: Purpose, step: number, count: number, width: number): Float32Array {
    const all = new Float32Array(count * width)
    for (let i = 0; i < count; i++) fillNormal(seed, purpose, step, i, all.subarray(i * width, (i + 1) * width))
    return all
  }

  /** @param s [networks, latent] @returns codes, [networks, layers * code] */
  codes(tensors: Tensors, s: Float32Array): tf.Tensor2D {
    return this.#perceptron(tensors, 0, tf.tensor2d(s, [s.length / this.#spec.latent, this.#spec.latent]), tf.relu)
  }

  /** @param codes [networks, layers * code] @returns weights, [networks, weights], canonical layout */
  weights(tensors: Tensors, codes: tf.Tensor2D): tf.Tensor2D {
    const { code } = this.#spec
    return tf.concat(
      this.#target.weighted.map((_layer, l) => this.#perceptron(tensors, l + 1, tf.slice(codes, [0, l * code], [-1, code]), tf.elu)),
      1,
    )
  }

  /** @returns log odds of each code of `code` numbers being noise, [codes, 1] */
  discriminate(tensors: Tensors, codes: tf.Tensor): tf.Tensor2D {
    return this.#perceptron(tensors, this.#parts.length - 1, tf.reshape(codes, [-1, this.#spec.code]), tf.relu)
  }

  /** @param s [networks, latent] @returns codes, [networks, layers * code], and weights, [networks, weights] */
  generate(parameters: Float32Array, s: Float32Array): { codes: Float32Array; weights: Float32Array } {
    return tf.tidy(() => {
      const tensors = this.taped.tensors(parameters)
      const codes = this.codes(tensors, s)
      return { codes: codes.dataSync<'float32'>(), weights: this.weights(tensors, codes).dataSync<'float32'>() }
    })
  }

  #perceptron(tensors: Tensors, part: number, input: tf.Tensor2D, activation: (x: tf.Tensor2D) => tf.Tensor2D): tf.Tensor2D {
    const { name, widths } = this.#parts[part]
    let x = input
    for (let i = 0; i + 1 < widths.length; i++) {
      const affine: tf.Tensor2D = tf.add(tf.matMul(x, tensors[`${name}.weights${i}`] as tf.Tensor2D), tensors[`${name}.biases${i}`])
      x = i + 2 === widths.length ? affine : activation(affine)
    }
    return x
  }
}
