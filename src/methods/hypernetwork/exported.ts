/**
 * The hypernetwork for other programs: from z to the named arrays of a network, as it is sampled (moving averages in its
 * batch norms) and with its gauge fixed (src/engine/gauge/gauge.ts), in the operators of ONNX.
 */
import type { NamedArray, OnnxGraph } from '../../layers/exports.ts'
import { checkpointArray } from '../../shared/checkpoint-array.ts'
import type { CheckpointState } from '../../shared/engine-protocol.ts'
import { gaugeRules, TINY, type GaugeStep } from '../../shared/gauge-rules.ts'
import type { TargetLayout } from '../../shared/target-layout.ts'
import type { ExportedGenerator } from '../exported-generator.ts'
import { checkpointNames, layOutParameters, samplingAverages, view, type Entry, type PerceptronEntries } from './parameter-layout.ts'
import type { HypernetworkSpec } from './schema.ts'

/** @throws LabError `bad-input` when the checkpoint does not fit */
export function exportGenerator(spec: HypernetworkSpec, target: TargetLayout, checkpoint: CheckpointState): ExportedGenerator {
  const layout = layOutParameters(spec, target)
  const parameters = checkpointArray(checkpoint, checkpointNames.parameters, layout.parameterCount)
  const moving = checkpointArray(checkpoint, checkpointNames.averages, layout.averageCount)
  const averages = samplingAverages(spec, moving, checkpoint.step)
  const named = (entry: Entry, values: Float32Array): NamedArray => ({ name: entry.name, shape: entry.shape, values: view(values, entry) })

  function addPerceptron(graph: OnnxGraph, { layers }: PerceptronEntries): void {
    for (const { weights, norm } of layers) {
      graph.add('MatMul', [graph.constant(named(weights, parameters))])
      if (norm === null) continue
      graph.add('PRelu', [number(graph, spec.leak)])
      const [scale, offset] = [norm.scale, norm.offset].map((entry) => view(parameters, entry))
      const [mean, variance] = [norm.mean, norm.variance].map((entry) => view(averages, entry))
      const factor = Float64Array.from(scale, (s, i) => s / Math.sqrt(variance[i] + spec.batchNorm.epsilon))
      const { name, shape } = norm.scale
      graph.add('Mul', [graph.constant({ name: `${name}.factor`, shape, values: Float32Array.from(factor) })])
      const shift = Float32Array.from(offset, (b, i) => b - mean[i] * factor[i])
      graph.add('Add', [graph.constant({ name: `${name}.shift`, shape, values: shift })])
    }
  }

  return {
    latent: spec.latent,
    arrays: [...layout.parameters.map((entry) => named(entry, parameters)), ...layout.averages.map((entry) => named(entry, averages))],
    addTo(graph) {
      addPerceptron(graph, layout.extractor)
      const codes = graph.current
      let at = 0
      const raw = layout.generators.map((generator, l) => {
        const { count, width } = layout.codes[l]
        graph.current = codes
        slice(graph, 1, at, (at += count * width))
        graph.add('Reshape', [graph.integers([-1, width])])
        addPerceptron(graph, generator)
        return graph.current
      })
      const scales: string[] = []
      return gaugeRules(target).flatMap((step, l) => addGauge(graph, step, raw[l], scales, l))
    },
  }
}

const number = (graph: OnnxGraph, value: number): string =>
  graph.constant({ name: `number_${value}`, shape: [1], values: Float32Array.of(value) })

/** Entries `from` to `to` along an axis. */
const slice = (graph: OnnxGraph, axis: number, from: number, to: number): void =>
  graph.add('Slice', [graph.integers([from]), graph.integers([to]), graph.integers([axis])])

/**
 * @param raw of the layer, as its generator gives it
 * @param scales of the steps before it, [n, 1, filters] each; receives its own
 */
function addGauge(graph: OnnxGraph, { layer, own, pushedBy }: GaugeStep, raw: string, scales: string[], l: number) {
  const { rows, filters, fanIn, codes, input, arrays, kernelOffset, index } = layer
  const channels = input[2]
  const onto = (name: string): void => void (graph.current = name)
  onto(raw)
  if (codes === filters) {
    graph.add('Reshape', [graph.integers([-1, filters, rows])])
    graph.add('Transpose', [], { perm: [0, 2, 1] })
  } else graph.add('Reshape', [graph.integers([-1, rows, filters])])
  const both = graph.current
  const hasBias = rows > fanIn
  slice(graph, 1, 0, fanIn)
  if (pushedBy !== null) {
    const kernel = graph.current
    onto(scales[pushedBy])
    graph.add('Reshape', [graph.integers([-1, 1, channels, 1])])
    const pushed = graph.current
    onto(kernel)
    graph.add('Reshape', [graph.integers([-1, fanIn / channels, channels, filters])])
    graph.add('Mul', [pushed])
    graph.add('Reshape', [graph.integers([-1, fanIn, filters])])
  }
  let kernel = graph.current
  let bias = ''
  if (hasBias) {
    onto(both)
    slice(graph, 1, fanIn, rows)
    bias = graph.current
  }
  if (own === 'normalise') {
    onto(kernel)
    graph.add('ReduceSumSquare', [], { axes: [1], keepdims: 1 })
    if (hasBias) {
      const squares = graph.current
      onto(bias)
      graph.add('Mul', [bias])
      graph.add('Add', [squares])
    }
    graph.add('Div', [number(graph, rows)])
    graph.add('Add', [number(graph, TINY)])
    graph.add('Sqrt')
    scales[l] = graph.current
    graph.add('Add', [number(graph, TINY)])
    const divisor = graph.current
    const divided = (name: string): string => {
      onto(name)
      graph.add('Div', [divisor])
      return graph.current
    }
    kernel = divided(kernel)
    if (hasBias) bias = divided(bias)
  }
  if (own === 'centre' && hasBias) {
    onto(bias)
    graph.add('ReduceMean', [], { axes: [2], keepdims: 1 })
    const mean = graph.current
    onto(bias)
    graph.add('Sub', [mean])
    bias = graph.current
  }
  return arrays.map(({ name, shape, offset }) => {
    const output = { name: `layers.${index}.${name}`, shape }
    onto(offset === kernelOffset ? kernel : bias)
    graph.add('Reshape', [graph.integers([-1, ...shape])], {}, output.name)
    return output
  })
}
