/** Exact nearest neighbours in Euclidean distance. */
import { matMul, tensor2d, type Tensor2D } from '@tensorflow/tfjs-core'
import type { Pacer } from '../job/pacer.ts'

export interface Neighbours {
  /** Neighbours a point. */
  k: number
  /** Indices, nearest first, [n, k]. */
  indices: Int32Array
  /** Squared distances, [n, k]. */
  squared: Float64Array
}

/** Rows of the distance matrix made at a time. */
const BLOCK = 256
/** Candidates beyond k that the float32 product may have put in the wrong order. */
const SPARE = 8

/**
 * The k nearest neighbours of each point, itself left out. Candidates come from a matrix product in
 * float32; their distances are then found anew in float64, so that the product's rounding does not show.
 * @param points [n, dimension]
 */
export async function nearestNeighbours(points: Float32Array, n: number, dimension: number, k: number, pacer: Pacer): Promise<Neighbours> {
  const indices = new Int32Array(n * k)
  const squared = new Float64Array(n * k)
  const centred = centre(points, n, dimension)
  const halfNorms = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let d = 0; d < dimension; d++) sum += centred[i * dimension + d] ** 2
    halfNorms[i] = sum / 2
  }
  const nearest = new Nearest(Math.min(n - 1, k + SPARE))
  const all = tensor2d(centred, [n, dimension])
  try {
    for (let from = 0; from < n; from += BLOCK) {
      const rows = Math.min(BLOCK, n - from)
      const products = productsWith(all, centred.subarray(from * dimension, (from + rows) * dimension), rows, dimension)
      for (let row = 0; row < rows; row++) {
        const i = from + row
        nearest.clear()
        for (let j = 0, at = row * n; j < n; j++, at++) {
          // Half the squared distance, less half the norm of point i, which is the same for all j.
          const score = halfNorms[j] - products[at]
          if (score < nearest.worst && j !== i) nearest.add(score, j)
        }
        nearest.rescore((j) => squaredDistance(centred, i, j, dimension))
        for (let place = 0; place < k; place++) {
          indices[i * k + place] = nearest.indices[place]
          squared[i * k + place] = nearest.scores[place]
        }
      }
      await pacer.yieldToEventLoop()
    }
  } finally {
    all.dispose()
  }
  return { k, indices, squared }
}

/** Inner products of some rows with all points, [rows, n]. */
function productsWith(all: Tensor2D, block: Float32Array, rows: number, dimension: number): Float32Array {
  const some = tensor2d(block, [rows, dimension])
  const products = matMul(some, all, false, true)
  // Not in a tidy: it would walk through every number of a result that is an array.
  const values = products.dataSync<'float32'>()
  some.dispose()
  products.dispose()
  return values
}

/** Subtracts the mean: distances stay, and their rounding gets smaller. */
function centre(points: Float32Array, n: number, dimension: number): Float32Array {
  const mean = new Float64Array(dimension)
  for (let i = 0, at = 0; i < n; i++) for (let d = 0; d < dimension; d++, at++) mean[d] += points[at] / n
  return points.map((value, at) => value - mean[at % dimension])
}

function squaredDistance(points: Float32Array, i: number, j: number, dimension: number): number {
  let sum = 0
  for (let d = 0, a = i * dimension, b = j * dimension; d < dimension; d++, a++, b++) {
    const difference = points[a] - points[b]
    sum += difference * difference
  }
  return sum
}

/** The `size` lowest scores seen, as a heap with the worst of them on top. */
class Nearest {
  readonly scores: Float64Array
  readonly indices: Int32Array
  /** Scores at or above this need not be offered. */
  worst = Infinity
  #count = 0

  constructor(size: number) {
    this.scores = new Float64Array(size)
    this.indices = new Int32Array(size)
  }

  clear(): void {
    this.#count = 0
    this.worst = Infinity
  }

  add(score: number, index: number): void {
    const { scores, indices } = this
    const size = scores.length
    if (this.#count < size) {
      let at = this.#count++
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (scores[parent] >= score) break
        scores[at] = scores[parent]
        indices[at] = indices[parent]
        at = parent
      }
      scores[at] = score
      indices[at] = index
    } else {
      let at = 0
      for (;;) {
        let child = 2 * at + 1
        if (child >= size) break
        if (child + 1 < size && scores[child + 1] > scores[child]) child++
        if (scores[child] <= score) break
        scores[at] = scores[child]
        indices[at] = indices[child]
        at = child
      }
      scores[at] = score
      indices[at] = index
    }
    if (this.#count === size) this.worst = scores[0]
  }

  /** Gives each index a new score and sorts, lowest first, by index where equal. */
  rescore(scoreOf: (index: number) => number): void {
    const { scores, indices } = this
    for (let i = 0; i < scores.length; i++) {
      const index = indices[i]
      const score = scoreOf(index)
      let at = i
      while (at > 0 && (scores[at - 1] > score || (scores[at - 1] === score && indices[at - 1] > index))) {
        scores[at] = scores[at - 1]
        indices[at] = indices[at - 1]
        at--
      }
      scores[at] = score
      indices[at] = index
    }
  }
}
