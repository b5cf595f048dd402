/** What a kind of layer writes itself with for other programs, and is read again with. */

/** Some of a network's weights under a name. */
export interface NamedArray {
  name: string
  shape: readonly number[]
  values: Float32Array
}

/** An ONNX graph that grows node by node. */
export interface OnnxGraph {
  /** Name of what has been computed last; a branch sets it back. */
  current: string
  /** Adds a node that reads `current` and further inputs; its output is `current` from then on. @param output its name, where it matters */
  add(operator: string, inputs?: readonly string[], attributes?: Readonly<Record<string, OnnxAttribute>>, output?: string): void
  /** Stores numbers, those of one name once. @returns their name, an input of nodes */
  constant(array: NamedArray): string
  /** Stores whole numbers: a shape, or places along an axis. @returns their name */
  integers(values: readonly number[]): string
}

export type OnnxAttribute = number | string | readonly number[]

/** A Keras model, as TensorFlow.js reads it, that grows layer by layer. */
export interface KerasGraph {
  /** Name of the layer added last; a branch sets it back. */
  current: string
  /**
   * Adds a layer that reads `current`; its output is `current` from then on.
   * @param prefix of its name, which no other layer has; the one that holds the arrays is called `layer`
   * @param inputs instead of `current`
   */
  add(className: string, prefix: string, config: Readonly<Record<string, unknown>>, inputs?: readonly string[]): void
}

/** Index of an element along each axis. */
export function places(at: number, shape: readonly number[]): number[] {
  const result = new Array<number>(shape.length)
  let rest = at
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    result[axis] = rest % shape[axis]
    rest = Math.floor(rest / shape[axis])
  }
  return result
}
