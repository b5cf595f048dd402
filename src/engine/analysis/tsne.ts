/**
 * t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", 2008) with Barnes and Hut's
 * approximation, early exaggeration, momentum and gains, from principal components (Kobak and Berens,
 * "The art of using t-SNE", 2019). docs/decisions/tsne.md says why it is written here, with figures.
 */
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { randomStream } from '../random/stream.ts'
import { affinities, neighboursFor, type Affinities } from './affinities.ts'
import { klDivergence, klWithNormalization } from './kl-divergence.ts'
import { nearestNeighbours } from './neighbours.ts'
import { Repulsion } from './repulsion.ts'

/**
 * All p_ij are multiplied, so that clusters find each other: for the first iterations fully, and then
 * less and less until not at all. A decline ends at a lower divergence than a sudden stop. Shares of the
 * iterations of a whole map of 1,000.
 */
const EXAGGERATION = { factor: 12, full: 0.1, decline: 0.4 }
const MOMENTUM = { exaggerated: 0.5, after: 0.8 }
/** Standard deviation of the first coordinate at the start. */
const INITIAL_SPREAD = 1e-4
/** No point moves farther than this in one iteration. */
const LONGEST_STEP = 5
/** Barnes and Hut's theta, see {@link Repulsion}. */
const THETA = 0.9
/** Iterations between two reports. */
const REPORT = 20

export interface TsneOptions {
  /** [n, dimension]; principal-component scores are expected, though any points will do. */
  points: Float32Array
  n: number
  dimension: number
  /** At least 1, and less than n. */
  perplexity: number
  iterations: number
  seed: number
  context: JobContext
  /**
   * Called now and then with the map so far. `coordinates` [n, 2] is the callee's to keep; the
   * divergence (nats) uses the approximate normalization.
   */
  onProgress?(iteration: number, coordinates: Float32Array, klDivergence: number): void
}

export interface TsneResult {
  /** [n, 2] */
  coordinates: Float32Array
  /** Exact, over P's pairs, nats. */
  klDivergence: number
  /** P, for other measures of the map. */
  affinities: Affinities
}

/**
 * A map of n points in the plane. The same options give the same map.
 * @throws LabError `cancelled`
 */
export async function tsne(options: TsneOptions): Promise<TsneResult> {
  const { points, n, dimension, perplexity, context } = options
  const pacer = new Pacer(context)
  const neighbours = await nearestNeighbours(points, n, dimension, neighboursFor(perplexity, n), pacer)
  const p = affinities(neighbours, n, perplexity)
  await pacer.yieldToEventLoop()
  const coordinates = await descend(p, options, pacer)
  return { coordinates, klDivergence: klDivergence(p, coordinates), affinities: p }
}

/** Gradient descent on KL(P || Q); returns the embedding, [n, 2]. */
async function descend(p: Affinities, options: TsneOptions, pacer: Pacer): Promise<Float32Array> {
  const { n } = p
  const { iterations } = options
  const repulsion = new Repulsion(n, THETA)
  const { x, y } = start(options)
  const motion = {
    stepX: new Float64Array(n),
    stepY: new Float64Array(n),
    gainX: new Float64Array(n).fill(1),
    gainY: new Float64Array(n).fill(1),
  }
  const attraction = { x: new Float64Array(n), y: new Float64Array(n) }
  const repelled = { x: new Float64Array(n), y: new Float64Array(n) }
  for (let iteration = 1; iteration <= iterations; iteration++) {
    const exaggeration = exaggerationAt(iteration, iterations)
    const z = repulsion.compute(x, y, repelled.x, repelled.y)
    attract(p, x, y, attraction.x, attraction.y)
    const rate = Math.max(n / exaggeration, 50)
    const momentum = exaggeration === EXAGGERATION.factor ? MOMENTUM.exaggerated : MOMENTUM.after
    move(n, x, y, attraction, repelled, motion, exaggeration, z, rate, momentum)
    pacer.progress(iteration, iterations)
    if (iteration % REPORT === 0 && iteration < iterations) {
      options.onProgress?.(iteration, interleave(x, y), klWithNormalization(p, x, y, z))
    }
    if (pacer.due) await pacer.yieldToEventLoop()
  }
  return interleave(x, y)
}

/** Factor on p_ij: 12 at first, falling to 1 as a power of the time that has passed. */
export function exaggerationAt(iteration: number, iterations: number): number {
  const { factor, full, decline } = EXAGGERATION
  const declined = (iteration / iterations - full) / decline
  if (declined <= 0) return factor
  return declined >= 1 ? 1 : factor ** (1 - declined)
}

/** The first two columns, scaled, with a hundredth of seeded noise, so that equal points part. */
function start(options: TsneOptions): { x: Float64Array; y: Float64Array } {
  const { n, seed, points, dimension } = options
  const x = Float64Array.from({ length: n }, (_, i) => points[i * dimension])
  const y = Float64Array.from({ length: n }, (_, i) => (dimension > 1 ? points[i * dimension + 1] : 0))
  centre(x)
  centre(y)
  let squares = 0
  for (const value of x) squares += value * value
  const deviation = Math.sqrt(squares / n)
  const scale = deviation > 0 ? INITIAL_SPREAD / deviation : 0
  const stream = randomStream(seed, 'map', 0, 0)
  for (let i = 0; i < n; i++) {
    x[i] = x[i] * scale + stream.normal() * INITIAL_SPREAD * 0.01
    y[i] = y[i] * scale + stream.normal() * INITIAL_SPREAD * 0.01
  }
  return { x, y }
}

/** Attraction at each point: sum over j of p_ij (y_j - y_i) / (1 + ||y_i - y_j||^2). */
function attract(p: Affinities, x: Float64Array, y: Float64Array, forceX: Float64Array, forceY: Float64Array): void {
  const { n, start, partner, value } = p
  forceX.fill(0)
  forceY.fill(0)
  for (let i = 0; i < n; i++) {
    const xi = x[i]
    const yi = y[i]
    let fx = 0
    let fy = 0
    for (let at = start[i], end = start[i + 1]; at < end; at++) {
      const j = partner[at]
      const dx = x[j] - xi
      const dy = y[j] - yi
      const pull = value[at] / (1 + dx * dx + dy * dy)
      fx += pull * dx
      fy += pull * dy
      forceX[j] -= pull * dx
      forceY[j] -= pull * dy
    }
    forceX[i] += fx
    forceY[i] += fy
  }
}

interface Motion {
  stepX: Float64Array
  stepY: Float64Array
  gainX: Float64Array
  gainY: Float64Array
}

interface Forces {
  x: Float64Array
  y: Float64Array
}

/** One step along the forces, with momentum, and with gains that grow where the direction is kept (Jacobs, 1988). */
function move(
  n: number,
  x: Float64Array,
  y: Float64Array,
  attraction: Forces,
  repelled: Forces,
  motion: Motion,
  exaggeration: number,
  z: number,
  rate: number,
  momentum: number,
): void {
  const { stepX, stepY, gainX, gainY } = motion
  for (let i = 0; i < n; i++) {
    const forceX = exaggeration * attraction.x[i] + repelled.x[i] / z
    const forceY = exaggeration * attraction.y[i] + repelled.y[i] / z
    gainX[i] = forceX * stepX[i] > 0 ? gainX[i] + 0.2 : Math.max(0.01, gainX[i] * 0.8)
    gainY[i] = forceY * stepY[i] > 0 ? gainY[i] + 0.2 : Math.max(0.01, gainY[i] * 0.8)
    let moveX = momentum * stepX[i] + rate * gainX[i] * forceX
    let moveY = momentum * stepY[i] + rate * gainY[i] * forceY
    const length = Math.sqrt(moveX * moveX + moveY * moveY)
    if (length > LONGEST_STEP) {
      moveX *= LONGEST_STEP / length
      moveY *= LONGEST_STEP / length
    }
    stepX[i] = moveX
    stepY[i] = moveY
    x[i] += moveX
    y[i] += moveY
  }
  centre(x)
  centre(y)
}

function centre(values: Float64Array): void {
  let mean = 0
  for (let i = 0; i < values.length; i++) mean += values[i] / values.length
  for (let i = 0; i < values.length; i++) values[i] -= mean
}

function interleave(x: Float64Array, y: Float64Array): Float32Array {
  return Float32Array.from({ length: 2 * x.length }, (_, at) => (at % 2 === 0 ? x[at >> 1] : y[at >> 1]))
}
