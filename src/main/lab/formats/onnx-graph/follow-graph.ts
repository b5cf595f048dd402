/**
 * What an ONNX graph computes, ours or anyone's, operator by operator. What is not known here, an operator or an attribute of one, is
 * never passed over: then the graph is not followed at all.
 */
import { sizeOf } from '../strided.ts'
import { NotFollowed, type FollowedGraph, type GraphNode, type OnnxTensor } from './graph.ts'
import { operators } from './operators.ts'

/** Since then shapes are stretched as they are today. */
const firstOpset = 7

/** Numbers of one array, and multiplications in all. */
export interface Limits {
  numbers: number
  work: number
}

/** @returns values of the outputs, by name @throws NotFollowed */
export function follow(
  { opset, nodes, constants, input, outputs }: FollowedGraph,
  given: OnnxTensor,
  limits: Limits = { numbers: 2 ** 30, work: Infinity },
): Record<string, OnnxTensor> {
  if (opset < firstOpset) throw new NotFollowed(`opset ${opset}`)
  const values = new Map(constants).set(input, given)
  let work = 0
  const spend = (shape: readonly number[], each = 1): void => {
    const numbers = sizeOf(shape)
    work += numbers * each
    const isSound = shape.every((side) => Number.isSafeInteger(side) && side >= 0) && numbers <= limits.numbers && work <= limits.work
    if (!isSound) throw new NotFollowed('more than is computed here')
  }
  for (const { operator, inputs, outputs: results, attributes } of neededFor(outputs, nodes)) {
    if (values.has(results[0])) continue // computed of constants alone
    if (!Object.hasOwn(operators, operator)) throw new NotFollowed(operator)
    const { most, takes } = operators[operator]
    const names = inputs.slice(0, inputs.findLastIndex((name) => name !== '') + 1)
    const operands = names.map((name) => (name === '' ? undefined : values.get(name)))
    const unknown = names.find((name, i) => name !== '' && operands[i] === undefined)
    if (unknown !== undefined) throw new NotFollowed(`${operator} of ${unknown}`)
    if (names.length > most) throw new NotFollowed(`${operator} of ${names.length} inputs`)
    for (const [name, value] of Object.entries(attributes))
      if (!Object.hasOwn(takes, name) || !takes[name](value)) throw new NotFollowed(`${operator} with ${name} ${String(value)}`)
    values.set(
      results[0],
      done(operator, () => operators[operator].work(operands, attributes, { opset, spend })),
    )
  }
  return Object.fromEntries(
    outputs.map((name) => {
      const found = values.get(name)
      if (found === undefined) throw new NotFollowed(name)
      return [name, found]
    }),
  )
}

/** What does not go together is not followed either. */
function done(operator: string, work: () => OnnxTensor): OnnxTensor {
  try {
    return work()
  } catch (error) {
    throw error instanceof NotFollowed ? error : new NotFollowed(`${operator} of these shapes`)
  }
}

/** Those that the outputs come from, in their order. */
function neededFor(outputs: readonly string[], nodes: readonly GraphNode[]): GraphNode[] {
  const wanted = new Set(outputs)
  const needed = nodes.toReversed().filter((node) => {
    if (!node.outputs.some((name) => wanted.has(name))) return false
    for (const name of node.inputs) if (name !== '') wanted.add(name)
    return true
  })
  return needed.toReversed()
}
