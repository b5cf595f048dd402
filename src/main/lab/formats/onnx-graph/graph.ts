/** An ONNX graph, and what an operator of one is. */

/** Numbers, whole ones as well. */
export interface OnnxTensor {
  shape: readonly number[]
  values: Float32Array
}

/** null: of another type. */
export type Attribute = number | string | readonly number[] | null

export interface GraphNode {
  /** With its domain before it, where that is not the standard's. */
  operator: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}

export interface FollowedGraph {
  opset: number
  nodes: readonly GraphNode[]
  constants: ReadonlyMap<string, OnnxTensor>
  input: string
  outputs: readonly string[]
}

/** What in a graph is not known here; nothing is wrong with it. */
export class NotFollowed extends Error {}

/** Tells how many numbers are made, and of how many each. @throws NotFollowed where that is more than is computed */
export type Spend = (shape: readonly number[], each?: number) => void

export interface Operator {
  /** Inputs that are known. */
  most: number
  /** Whether an attribute's value is known; other attributes are not. */
  takes: Readonly<Record<string, (value: Attribute) => boolean>>
  /** @param operands undefined: one that may be left out, and is @throws Error where they do not go together */
  work(
    operands: readonly (OnnxTensor | undefined)[],
    attributes: GraphNode['attributes'],
    within: { opset: number; spend: Spend },
  ): OnnxTensor
}
