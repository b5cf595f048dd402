/**
 * Matches the hidden units of one network with those of another by permutation, which changes weights but no answer: "weight
 * matching" of Ainsworth, Hayase and Srinivasa 2022 (Git Re-Basin, algorithm 1). Group by group of channels, the
 * order that makes the weights most alike is a linear assignment; again and again until none helps. Where the sign of a channel makes no
 * difference either (Sussmann 1992, for tanh), it is the one that makes them more alike.
 */
import munkres from 'munkres'
import type { Pacer } from '../job/pacer.ts'
import type { TargetLayout } from '../target-network/layout.ts'
import { fixedGroup, tiedLayers, type TiedLayer } from './tied-channels.ts'

/** By group: at each place, the channel that comes to stand there; `~channel` (which is negative): negated. */
export type Orders = ReadonlyMap<number, ArrayLike<number>>

/**
 * @param a weights, [weights], canonical layout
 * @param b those of another network of the target
 * @returns b with its hidden units in the order, and with the signs, that make the squared distance to a least, as far as is found
 */
export async function matchUnits(layout: TargetLayout, a: Float32Array, b: Float32Array, pacer: Pacer): Promise<Float32Array> {
  const tied = tiedLayers(layout)
  const sizes = new Map(tied.filter(({ gives }) => gives !== fixedGroup).map(({ layer, gives }) => [gives, layer.filters]))
  const asTheyAre: Orders = new Map(Array.from(sizes, ([group, size]) => [group, Int32Array.from({ length: size }, (_, i) => i)]))
  // From the image on, where nothing is known yet of what lies behind; and from networks whose units lie alike already.
  const found: Arranged[] = []
  for (const start of [[], asTheyAre]) found.push(await ascend(tied, sizes, a, b, new Map(start), pacer))
  return found.reduce((best, other) => (other.likeness > best.likeness ? other : best)).weights
}

interface Arranged {
  weights: Float32Array
  /** Inner product with a. */
  likeness: number
}

/** @param orders begun from; a group that is missing counts for nothing until it has one */
async function ascend(
  tied: readonly TiedLayer[],
  sizes: ReadonlyMap<number, number>,
  a: Float32Array,
  b: Float32Array,
  orders: Map<number, ArrayLike<number>>,
  pacer: Pacer,
): Promise<Arranged> {
  const arranged = (): Arranged => {
    const weights = permuteUnits(tied, b, orders)
    return { weights, likeness: dot(a, weights) }
  }
  let best = orders.size === sizes.size ? arranged() : undefined
  for (;;) {
    for (const [group, size] of sizes) {
      orders.set(group, bestOrder(tied, group, size, a, b, orders))
      await pacer.yieldToEventLoop()
    }
    const next = arranged()
    // A layer that reads the channels it gives makes it more than an assignment, and may let it fall.
    if (best !== undefined && !(next.likeness > best.likeness + 1e-9 * Math.abs(best.likeness))) return best
    best = next
  }
}

/** The order of a group's channels that makes a and b most alike, while all others stay. */
function bestOrder(
  tied: readonly TiedLayer[],
  group: number,
  size: number,
  a: Float32Array,
  b: Float32Array,
  orders: Orders,
): ArrayLike<number> {
  const isKnown = (other: number): boolean => other === fixedGroup || orders.has(other)
  const costs = Array.from({ length: size }, () => new Float64Array(size))
  let hasSigns = false
  for (const { layer, reads, gives, mayNegate } of tied) {
    hasSigns ||= gives === group && mayNegate
    const { kernelOffset, fanIn, rows, filters, input } = layer
    const own = a.subarray(kernelOffset, kernelOffset + rows * filters)
    if (gives === group) {
      const other = layerInOrder({ layer, reads }, b, orders)
      // Biases read nothing.
      for (let at = isKnown(reads) ? 0 : fanIn * filters; at < own.length; at += filters) {
        for (let i = 0; i < size; i++) {
          const [weight, row] = [own[at + i], costs[i]]
          for (let j = 0; j < size; j++) row[j] -= weight * other[at + j]
        }
      }
    }
    if (reads === group && isKnown(gives)) {
      const other = layerInOrder({ layer, gives }, b, orders)
      const block = input[2] * filters
      for (let at = 0; at < fanIn * filters; at += block) {
        for (let i = 0; i < size; i++) {
          for (let j = 0; j < size; j++) {
            let sum = 0
            for (let f = 0; f < filters; f++) sum += own[at + i * filters + f] * other[at + j * filters + f]
            costs[i][j] -= sum
          }
        }
      }
    }
  }
  const order = new Int32Array(size)
  const free = hasSigns ? costs.map((row) => row.map((cost) => -Math.abs(cost))) : costs
  for (const [place, channel] of munkres(free)) order[place] = hasSigns && costs[place][channel] > 0 ? ~channel : channel
  return order
}

/** Weights with their hidden units in other orders: the same function, where none is negated that must not be. */
export function permuteUnits(tied: readonly TiedLayer[], weights: Float32Array, orders: Orders): Float32Array {
  const permuted = weights.slice()
  for (const one of tied) permuted.set(layerInOrder(one, weights, orders), one.layer.kernelOffset)
  return permuted
}

/** One layer's kernel and bias, [rows, filters], with rows and filters in the orders of the groups that it reads and gives. */
function layerInOrder(
  { layer, reads = fixedGroup, gives = fixedGroup }: Pick<TiedLayer, 'layer'> & Partial<TiedLayer>,
  weights: Float32Array,
  orders: Orders,
): Float32Array {
  const { kernelOffset, fanIn, rows, filters, input } = layer
  const channels = input[2]
  const [byChannel, byFilter] = [placesOf(orders.get(reads), channels), placesOf(orders.get(gives), filters)]
  const result = new Float32Array(rows * filters)
  for (let row = 0; row < rows; row++) {
    const channel = row % channels
    const isBias = row >= fanIn
    const start = kernelOffset + (isBias ? row : row - channel + byChannel.from[channel]) * filters
    const sign = isBias ? 1 : byChannel.signs[channel]
    for (let f = 0; f < filters; f++) result[row * filters + f] = sign * byFilter.signs[f] * weights[start + byFilter.from[f]]
  }
  return result
}

/** Which channel comes to each place, and its sign; undefined: as they are. */
function placesOf(order: ArrayLike<number> | undefined, size: number): { from: Int32Array; signs: Int8Array } {
  const [from, signs] = [new Int32Array(size), new Int8Array(size)]
  for (let place = 0; place < size; place++) {
    const channel = order?.[place] ?? place
    from[place] = channel < 0 ? ~channel : channel
    signs[place] = channel < 0 ? -1 : 1
  }
  return { from, signs }
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k]
  return sum
}
