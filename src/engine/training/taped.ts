/** Several arrays in one vector of parameters, and gradients through what TensorFlow's tape makes of them. */
import * as tf from '@tensorflow/tfjs-core'

/** By their names, in the order in which they lie in the vector. */
export type Shapes = Readonly<Record<string, readonly number[]>>
export type Tensors = Readonly<Record<string, tf.Tensor>>

export class Taped {
  /** Numbers in all. */
  readonly size: number
  readonly #entries: readonly { name: string; shape: readonly number[]; from: number; to: number }[]

  constructor(shapes: Shapes) {
    let to = 0
    this.#entries = Object.entries(shapes).map(([name, shape]) => {
      const from = to
      to += shape.reduce((product, side) => product * side, 1)
      return { name, shape, from, to }
    })
    this.size = to
  }

  /** The arrays of a vector, which they are part of. */
  views(vector: Float32Array): Record<string, Float32Array> {
    return Object.fromEntries(this.#entries.map(({ name, from, to }) => [name, vector.subarray(from, to)]))
  }

  /** Within `tidy`: the arrays of a vector as tensors. */
  tensors(vector: Float32Array): Tensors {
    return Object.fromEntries(this.#entries.map(({ name, shape, from, to }) => [name, tf.tensor(vector.slice(from, to), [...shape])]))
  }

  /**
   * Adds the gradient of a number by arrays that it depends on.
   * @param by whether to go by the array of a name; the others count as given
   * @returns the number
   */
  addGradient(
    vector: Float32Array,
    into: Float32Array,
    number: (tensors: Tensors) => tf.Tensor,
    by: (name: string) => boolean = () => true,
  ): number {
    return tf.tidy(() => {
      const tensors = this.tensors(vector)
      const entries = this.#entries.filter(({ name }) => by(name))
      const { value, grads } = tf.valueAndGrads((...own: tf.Tensor[]) =>
        tf.sum(number({ ...tensors, ...Object.fromEntries(entries.map(({ name }, i) => [name, own[i]])) })),
      )(entries.map(({ name }) => tensors[name]))
      for (const [i, { from }] of entries.entries()) {
        const own = grads[i].dataSync()
        for (let k = 0; k < own.length; k++) into[from + k] += own[k]
      }
      return value.dataSync()[0]
    })
  }
}
