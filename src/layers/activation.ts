/** The activation behind a layer's sums. */
import { z } from 'zod'
import type { KerasGraph, OnnxGraph } from './exports.ts'

/** What a leaky ReLU keeps of negative sums: as the hypernetwork's own perceptrons do. */
export const slope = 0.05

export const activationSchema = z
  .enum(['relu', 'leaky-relu', 'gelu', 'tanh', 'none'])
  .default('relu')
  .meta({
    title: 'Activation',
    description:
      'What the sums, or what was normalised, go through. relu: negative ones become 0. leaky-relu: of negative ones 0.05 is left. gelu: each is multiplied by the chance that a ' +
      'standard normal number is smaller (exact, by the error function). tanh: squeezed between -1 and 1. none: they stay as they are.',
    labels: { relu: 'ReLU', 'leaky-relu': 'Leaky ReLU', gelu: 'GELU', tanh: 'tanh', none: 'None' },
  })

export type Activation = z.infer<typeof activationSchema>

/**
 * Whether it lets a positive factor through, so that the gauge may take a filter's scale out and give it to the next layer. A GELU and a
 * tanh bend with the size of what they get: scaled, the network would be another one.
 */
export const letsScaleThrough = (activation: Activation): boolean => activation !== 'gelu' && activation !== 'tanh'

/** Whether it rises, so that the largest of some sums becomes the largest of the outputs. */
export const rises = (activation: Activation): boolean => activation !== 'gelu'

/** Whether the negative of a sum gives the negative of its output. */
export const isOdd = (activation: Activation): boolean => activation === 'tanh' || activation === 'none'

/** Tensors of its layer's output's size that stay for the way back: a GELU needs the sums too. */
export const kept = (activation: Activation): number => (activation === 'gelu' ? 2 : 1)

const words: Readonly<Record<Activation, string>> = {
  relu: ', ReLU',
  'leaky-relu': ', leaky ReLU',
  gelu: ', GELU',
  tanh: ', tanh',
  none: '',
}
export const inWords = (activation: Activation): string => words[activation]

export function applied(activation: Activation, sum: number): number {
  if (activation === 'relu') return Math.max(0, sum)
  if (activation === 'leaky-relu') return sum < 0 ? slope * sum : sum
  if (activation === 'gelu') return (sum * (1 + errorFunction(sum / Math.SQRT2))) / 2
  return activation === 'tanh' ? Math.tanh(sum) : sum
}

/** By the series whose terms are all positive (Abramowitz and Stegun 7.1.6), to double precision. */
export function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) sum += term *= (2 * x * x) / (2 * n + 1)
  return ((2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)) * sum
}

/** Adds its nodes. */
export function activateOnnx(graph: OnnxGraph, activation: Activation): void {
  const number = (value: number) => graph.constant({ name: `number_${value}`, shape: [1], values: Float32Array.of(value) })
  if (activation === 'relu') graph.add('Relu')
  if (activation === 'leaky-relu') graph.add('PRelu', [number(slope)])
  if (activation === 'tanh') graph.add('Tanh')
  if (activation !== 'gelu') return
  // Opset 13 has no node for it.
  const sums = graph.current
  graph.add('Div', [number(Math.SQRT2)])
  graph.add('Erf')
  graph.add('Add', [number(1)])
  graph.add('Mul', [sums])
  graph.add('Mul', [number(0.5)])
}

/** Its name within a layer of Keras; what has none there follows by {@link activateKeras}. */
export const inKeras = (activation: Activation): string => (activation === 'none' || activation === 'leaky-relu' ? 'linear' : activation)

export function activateKeras(graph: KerasGraph, activation: Activation): void {
  if (activation === 'leaky-relu') graph.add('LeakyReLU', 'activation', { alpha: slope, trainable: false })
}

/** Of what is no layer of Keras that takes an activation itself. */
export function activateKerasApart(graph: KerasGraph, activation: Activation): void {
  const name = inKeras(activation)
  if (name === 'linear') activateKeras(graph, activation)
  else graph.add('Activation', 'activation', { activation: name, trainable: false })
}
