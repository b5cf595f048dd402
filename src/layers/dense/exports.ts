/** A dense layer for other programs, and in plain loops for the check of what was written. */
import { activateKeras, activateOnnx, applied, inKeras } from '../activation.ts'
import type { KerasGraph, NamedArray, OnnxGraph } from '../exports.ts'
import type { Shape } from '../layer-kind.ts'
import type { Dense } from './settings.ts'

export function denseOnnx(graph: OnnxGraph, { activation }: Dense, [kernel, bias]: readonly NamedArray[]): void {
  const biasName = graph.constant(bias)
  graph.add('Gemm', [graph.constant(kernel), biasName])
  activateOnnx(graph, activation)
}

/** The network's output is probabilities. */
export function denseKeras(graph: KerasGraph, { units, activation }: Dense, output: boolean): void {
  graph.add('Dense', 'layer', { units, activation: output ? 'softmax' : inKeras(activation), use_bias: true, trainable: true })
  activateKeras(graph, activation)
}

export function densePlainly(
  { units, activation }: Dense,
  values: readonly number[],
  _input: Shape,
  [kernel, bias]: readonly ArrayLike<number>[],
): number[] {
  return Array.from(bias, (offset, unit) =>
    applied(
      activation,
      values.reduce((sum, value, i) => sum + value * kernel[i * units + unit], offset),
    ),
  )
}
