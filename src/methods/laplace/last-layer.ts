/**
 * What the last layer of a network is given, and its curvature.
 *
 * A farm tells probabilities alone. So the inputs are asked of copies of the network whose last layer gives one input
 * as each logit, and 0 as the first: the logarithm of a probability over the first one's is that input. Inputs are taken a
 * sixteenth as large, so that no probability comes near the smallest number there is.
 */
import type { Farm } from '../../engine/farm/farm.ts'
import type { Arrays } from '../../engine/training/array-engine.ts'
import type { TargetLayout } from '../../engine/target-network/layout.ts'
import { readers } from './definition.ts'

const SMALLER = 1 / 16

/** Sums over images: inputs [rows, rows] with a 1 for the bias as the last, outputs [classes, classes], images [1]. */
export type Curvature = Arrays<'curvature.inputs' | 'curvature.outputs' | 'curvature.images'>

export function lastLayerOf({ weighted, weightCount }: TargetLayout): { offset: number; inputs: number; rows: number; classes: number } {
  const { fanIn, rows, filters } = weighted[weighted.length - 1]
  return { offset: weightCount - rows * filters, inputs: fanIn, rows, classes: filters }
}

export function curvatureSizes(layout: TargetLayout): Record<keyof Curvature, number> {
  const { rows, classes } = lastLayerOf(layout)
  return { 'curvature.inputs': rows * rows, 'curvature.outputs': classes * classes, 'curvature.images': 1 }
}

/**
 * What a network says of images, and what its last layer is given for that.
 * @returns probabilities [count, classes], inputs [count, inputs]
 */
export async function readLastLayer(layout: TargetLayout, weights: Float32Array, farm: Farm, from: number, count: number) {
  const { offset, inputs, classes } = lastLayerOf(layout)
  const copies = readers(inputs, classes)
  const all = new Float32Array((1 + copies) * weights.length)
  for (let copy = 0; copy <= copies; copy++) {
    const own = all.subarray(copy * weights.length, (copy + 1) * weights.length)
    own.set(weights)
    if (copy === 0) continue
    own.fill(0, offset)
    for (let logit = 1; logit < classes; logit++) {
      const input = (copy - 1) * (classes - 1) + logit - 1
      if (input < inputs) own[offset + input * classes + logit] = SMALLER
    }
  }
  const said = await farm.probabilities(all, 1 + copies, from, count)
  const found = new Float64Array(count * inputs)
  for (let image = 0; image < count; image++) {
    for (let input = 0; input < inputs; input++) {
      const of = ((1 + Math.floor(input / (classes - 1))) * count + image) * classes
      found[image * inputs + input] = Math.log(said[of + 1 + (input % (classes - 1))] / said[of]) / SMALLER
    }
  }
  return { probabilities: said.subarray(0, count * classes), inputs: found }
}

/** Adds images to the sums: x x' of the inputs with a 1 where there is a bias, diag(p) - p p' of the probabilities. */
export function addCurvature(
  sums: Curvature,
  { rows, inputs, classes }: ReturnType<typeof lastLayerOf>,
  read: { probabilities: ArrayLike<number>; inputs: ArrayLike<number> },
): void {
  const count = read.inputs.length / inputs
  addProducts(sums['curvature.inputs'], count, rows, (image, i) => (i < inputs ? read.inputs[image * inputs + i] : 1))
  const outputs = new Float32Array(classes * classes)
  addProducts(outputs, count, classes, (image, i) => read.probabilities[image * classes + i])
  for (let i = 0; i < classes; i++) {
    let sum = 0
    for (let image = 0; image < count; image++) sum += read.probabilities[image * classes + i]
    for (let j = 0; j < classes; j++) sums['curvature.outputs'][i * classes + j] += (i === j ? sum : 0) - outputs[i * classes + j]
  }
  sums['curvature.images'][0] += count
}

/** Adds sums over images of products of two numbers each, in double precision up to the last addition. */
function addProducts(into: Float32Array, count: number, size: number, at: (image: number, i: number) => number): void {
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0
      for (let image = 0; image < count; image++) sum += at(image, i) * at(image, j)
      into[i * size + j] += sum
      if (j < i) into[j * size + i] += sum
    }
  }
}
