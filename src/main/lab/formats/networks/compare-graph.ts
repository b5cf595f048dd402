/** Whether a graph computes what a target computes with the weights that were read of it. */
import { randomShares } from '../../../../shared/shuffle.ts'
import type { TargetLayout } from '../../../../shared/target-layout.ts'
import { runTarget } from '../check/plain-network.ts'
import { follow, type Limits } from '../onnx-graph/follow-graph.ts'
import { NotFollowed } from '../onnx-graph/graph.ts'
import type { FileModule, ImageGraph } from './file-networks.ts'

/** Probabilities of the class of which they differ most. */
export interface Difference {
  graph: number
  target: number
}

/** Made-up images that are looked at. */
const images = 2
/** Copies of an image that a graph may want at once. */
const mostCopies = 64
/** Half a minute. */
const limits: Limits = { numbers: 2 ** 24, work: 2 ** 31 }
/** Smaller probabilities count as this: float32 has them as nothing. */
const least = 1e-20
/** Of logarithms of probabilities, as a share of the largest: sums of float32 in another order come to less. */
const tolerance = 1e-3

/** A graph but for the weights of its layers: two with the same one compute the same with the same weights. */
export function outlineOf({ opset, nodes, constants, input, outputs, shape }: ImageGraph, networks: readonly FileModule[][]): string {
  const weights = new Set(networks.flat().flatMap(({ kernel, bias }) => [kernel.name, ...(bias === undefined ? [] : [bias.name])]))
  const places = new Map<string, number>()
  const place = (name: string): number => places.set(name, places.get(name) ?? places.size).get(name)!
  const described = (name: string) => {
    const constant = constants.get(name)
    if (constant === undefined) return place(name)
    return [constant.shape, ...(weights.has(name) ? [] : constant.values)]
  }
  return JSON.stringify([
    ...[opset, shape, place(input)],
    nodes.map((node) => [node.operator, node.attributes, node.inputs.map(described), node.outputs.map(place)]),
    outputs.map(place),
  ])
}

/**
 * @param networks of the target, whose mean probabilities are compared
 * @returns null: none, in one of the orders in which a graph may want the numbers of an image
 * @throws NotFollowed
 */
export function differenceFrom(graph: ImageGraph, target: TargetLayout, networks: readonly Float32Array[]): Difference | null {
  const { height, width, channels } = target.target.input
  const size = height * width * channels
  const random = randomShares(1)
  const pixels = Array.from({ length: images }, () => Float32Array.from({ length: size }, random))
  // The graph first: what it would take too long for, it says.
  const answers = ordersOf(graph, target).map(({ shape, isChannelsFirst }) =>
    pixels.map((image) => {
      const ordered = isChannelsFirst ? channelsFirst(image, channels) : image
      const values = Float32Array.from({ length: shape[0] * size }, (_, i) => ordered[i % size])
      const answer = follow(graph, { shape, values }, limits)[graph.outputs[0]].values
      if (answer.length !== shape[0] * target.classes) throw new NotFollowed('an output of other than one number a class')
      return [...answer.subarray(0, target.classes)]
    }),
  )
  const expected = pixels.map((image) => meanOf(networks.map((weights) => runTarget(target, weights, image, 1))))
  const found = answers.map((own) => own.map((answer, i) => difference(expected[i], answer)).find((one) => one !== null) ?? null)
  return found.includes(null) ? null : found[0]
}

/** Every order of an image's numbers that the graph's input may mean. @throws NotFollowed */
function ordersOf({ shape }: ImageGraph, { target: { input } }: TargetLayout): { shape: number[]; isChannelsFirst: boolean }[] {
  const { height, width, channels } = input
  const copies = shape[0] ?? 1
  const orders = [
    { shape: [copies, channels, height, width], isChannelsFirst: true },
    { shape: [copies, height, width, channels], isChannelsFirst: false },
    { shape: [copies, height * width * channels], isChannelsFirst: true },
    { shape: [copies, height * width * channels], isChannelsFirst: false },
    ...(channels === 1 ? [{ shape: [copies, height, width], isChannelsFirst: false }] : []),
  ]
  const fitting = orders.filter(
    (order) =>
      copies >= 1 &&
      copies <= mostCopies &&
      order.shape.length === shape.length &&
      order.shape.every((side, i) => (shape[i] ?? side) === side),
  )
  if (fitting.length === 0) throw new NotFollowed(`an input of ${shape.map((side) => side ?? 'any').join(' × ')}`)
  return fitting
}

const channelsFirst = (image: Float32Array, channels: number): Float32Array => {
  const places = image.length / channels
  return image.map((_, i) => image[(i % places) * channels + Math.floor(i / places)])
}

const meanOf = (rows: readonly (readonly number[])[]): number[] =>
  rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length)

/** A graph may end with probabilities, their logarithms, or what these are made of. */
function difference(expected: readonly number[], answer: readonly number[]): Difference | null {
  const largest = Math.max(...answer)
  const powers = answer.map((value) => Math.exp(value - largest))
  const sum = powers.reduce((a, b) => a + b, 0)
  const readings = [answer, powers.map((power) => power / sum)]
  const isSame = (read: readonly number[]): boolean => {
    const logs = [expected, read].map((one) => one.map((value) => Math.log(Math.max(value, least))))
    const scale = Math.max(1, ...logs[0].map(Math.abs))
    return logs[0].every((value, i) => Math.abs(value - logs[1][i]) <= tolerance * scale)
  }
  if (answer.length === expected.length && readings.some(isSame)) return null
  const read = answer.every((value) => value >= 0) && Math.abs(answer.reduce((a, b) => a + b, 0) - 1) < 1e-3 ? answer : readings[1]
  const apart = expected.map((value, i) => Math.abs(value - (read[i] ?? 0)))
  const at = apart.indexOf(Math.max(...apart))
  return { graph: read[at] ?? 0, target: expected[at] }
}
