/** Computes what an ONNX file of ours computes. */
import { follow } from '../onnx-graph/follow-graph.ts'
import type { OnnxTensor } from '../onnx-graph/graph.ts'
import { nameOf, readTensor, type OnnxModel } from '../onnx-graph/read-onnx.ts'

/** @returns its outputs, by name @throws Error where it is not followed */
export function followOnnx({ opset, nodes, initializers, inputs, outputs }: OnnxModel, input: OnnxTensor): Record<string, OnnxTensor> {
  const constants = new Map<string, OnnxTensor>()
  for (const tensor of initializers) {
    const read = readTensor(tensor, { converted: new Set() })
    if (read !== null) constants.set(nameOf(tensor), read)
  }
  return follow({ opset, nodes, constants, input: inputs[0].name, outputs: outputs.map(({ name }) => name) }, input)
}

/** @returns its first output */
export const runOnnx = (model: OnnxModel, input: OnnxTensor): OnnxTensor => followOnnx(model, input)[model.outputs[0].name]
