/**
 * Coupling flows as multiplicative normalizing flows have them (Louizos and Welling 2017, equations 9 and 10; Dinh et al. 2017): what a mask keeps
 * says by how much the rest is scaled and moved, so that the Jacobian is triangular. Masks take every other number, in turn.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { RandomStream } from '../random/stream.ts'
import type { Shapes, Tensors } from './taped.ts'

export interface FlowSizes {
  /** Of the arrays in the vector of parameters. */
  name: string
  width: number
  hidden: number
  flows: number
}

const steps = ({ name, flows }: FlowSizes): string[] => Array.from({ length: flows }, (_, k) => `${name}.flow${k}`)

export const flowShapes = (sizes: FlowSizes): Shapes =>
  Object.fromEntries(
    steps(sizes).flatMap((step) => [
      [`${step}.in`, [sizes.width, sizes.hidden]],
      [`${step}.bias`, [sizes.hidden]],
      [`${step}.shift`, [sizes.hidden, sizes.width]],
      [`${step}.shiftBias`, [sizes.width]],
      [`${step}.gate`, [sizes.hidden, sizes.width]],
      [`${step}.gateBias`, [sizes.width]],
    ]),
  )

/** Begins near the identity around `center`, which it moves nowhere. @param views zeros before */
export function beginFlow(sizes: FlowSizes, views: Record<string, Float32Array>, stream: RandomStream, center: number): void {
  for (const step of steps(sizes)) {
    for (const [part, sigma] of [
      ['in', 1 / Math.sqrt(sizes.width)],
      ['shift', 0.1 / Math.sqrt(sizes.hidden)],
      ['gate', 0.1 / Math.sqrt(sizes.hidden)],
    ] as const) {
      const own = views[`${step}.${part}`]
      for (let k = 0; k < own.length; k++) own[k] = sigma * stream.normal()
    }
    views[`${step}.shiftBias`].fill(center)
    // The authors' code: a gate of 0.88.
    views[`${step}.gateBias`].fill(2)
  }
}

/**
 * @param z [draws, width]
 * @returns where they go, and the logarithm of by how much volume grows there, [draws]
 */
export function flow(sizes: FlowSizes, tensors: Tensors, z: tf.Tensor2D): { z: tf.Tensor2D; logDeterminant: tf.Tensor1D } {
  let logDeterminant: tf.Tensor1D = tf.zeros([z.shape[0]])
  for (const [k, step] of steps(sizes).entries()) {
    const of = (part: string) => tensors[`${step}.${part}`] as tf.Tensor2D
    const kept = tf.tensor1d(Array.from({ length: sizes.width }, (_, i) => (i + k) % 2))
    const rest = tf.sub(1, kept)
    const h = tf.tanh<tf.Tensor2D>(tf.add(tf.matMul(tf.mul(kept, z), of('in')), of('bias')))
    const gate = tf.add(tf.matMul(h, of('gate')), of('gateBias'))
    const shift = tf.add(tf.matMul(h, of('shift')), of('shiftBias'))
    const open = tf.sigmoid(gate)
    const moved = tf.add(tf.mul(z, open), tf.mul(tf.sub(1, open), shift))
    z = tf.add(tf.mul(kept, z), tf.mul(rest, moved))
    logDeterminant = tf.add(logDeterminant, tf.sum(tf.mul(rest, tf.neg(tf.softplus(tf.neg(gate)))), 1))
  }
  return { z, logDeterminant }
}
