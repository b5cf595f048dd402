/**
 * The paper's toy problem: a generator learns a curve of points that are good (f is high) and far from each other, as the hypernetwork learns
 * networks. Constants are those of the authors' code; loss = -mean f - lambda H + pull mean |y|^2.
 */
import { z } from 'zod'
import { randomStream } from '../engine/random/stream.ts'
import { correctedRate } from '../engine/training/adam.ts'
import { backward, forward, initialParameters, parameterCount } from './generator.ts'
import { surfaceOf, surfaces, type Surface, type SurfaceKind } from './surface.ts'

export const toySettings = z.strictObject({
  surface: z
    .enum(Object.keys(surfaces) as [SurfaceKind, ...SurfaceKind[]])
    .default('bumps')
    .meta({
      title: 'Surface',
      description: 'what the points are to find',
      placeholder: 'surface',
      labels: { bumps: 'Bumps (the paper)', ring: 'Ring', valley: 'Valley', 'four-peaks': 'Four peaks' },
    }),
  seed: z.int().min(0).max(0xffff_ffff).default(1).meta({
    title: 'Seed',
    description: 'of the bumps, the initial weights and every z',
    placeholder: 'n',
  }),
  diversity: z.number().min(0).max(100).default(2.2).meta({
    title: 'Weight of diversity',
    description: 'the factor of the entropy in the loss',
    placeholder: 'x',
  }),
})
export type ToySettings = z.infer<typeof toySettings>

const batch = 5
const pull = 0.05
const tiny = 1e-7
const adam = { rate: 0.001, decay: 0.99996, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }

/** Learning rate with the corrections of Adam's moments. @param step done before */
export const toyRate = (step: number): number => correctedRate(adam, step, adam.rate * adam.decay ** step)

/** The curve at as many z from -1 to 1. */
export interface ToyCurve {
  z: Float64Array
  x: Float64Array
  y: Float64Array
  /** f */
  value: Float64Array
  /** Distance to the next point, last of all that to the one before. */
  distance: Float64Array
}

export class ToyProblem {
  readonly surface: Surface
  readonly settings: ToySettings
  /** Done so far. */
  step = 0
  readonly #parameters: Float64Array
  readonly #first = new Float64Array(parameterCount)
  readonly #second = new Float64Array(parameterCount)

  constructor(settings: ToySettings) {
    this.settings = settings
    this.surface = surfaceOf(settings.surface, settings.seed)
    this.#parameters = initialParameters(settings.seed)
  }

  train(steps: number): void {
    for (const end = this.step + steps; this.step < end; this.step++) {
      const stream = randomStream(this.settings.seed, 'toy-noise', this.step, 0)
      const latents = Array.from({ length: batch }, () => 2 * stream.uniform() - 1)
      const { gradient } = this.lossOf(this.#parameters, latents)
      const rate = toyRate(this.step)
      for (const [i, slope] of gradient.entries()) {
        this.#first[i] += (1 - adam.beta1) * (slope - this.#first[i])
        this.#second[i] += (1 - adam.beta2) * (slope ** 2 - this.#second[i])
        this.#parameters[i] -= (rate * this.#first[i]) / (Math.sqrt(this.#second[i]) + adam.epsilon)
      }
    }
  }

  /** Loss of a batch, with its gradient by the parameters. H is the estimate by nearest neighbours in the plane, up to a constant. */
  lossOf(parameters: Float64Array, latents: readonly number[]): { loss: number; gradient: Float64Array } {
    const gradient = new Float64Array(parameterCount)
    const given = latents.map((z) => forward(parameters, z))
    const points = given.map((one) => one[one.length - 1])
    const slopes = points.map(() => new Float64Array(2))
    const share = 1 / points.length
    let loss = 0
    for (const [i, [x, y]] of points.entries()) {
      const { value, dx, dy } = this.surface.at(x, y)
      loss += share * (pull * (x ** 2 + y ** 2) - value)
      slopes[i][0] += share * (2 * pull * x - dx)
      slopes[i][1] += share * (2 * pull * y - dy)
      const [near, square] = nearestTo(points, i)
      const distance = Math.sqrt(square + tiny)
      const weight = share * this.settings.diversity
      loss -= weight * Math.log(distance + tiny)
      for (const axis of [0, 1]) {
        const apart = (weight * (points[i][axis] - points[near][axis])) / (distance * (distance + tiny))
        slopes[i][axis] -= apart
        slopes[near][axis] += apart
      }
    }
    for (const [i, slope] of slopes.entries()) backward(parameters, given[i], slope, gradient)
    return { loss, gradient }
  }

  /** @param count points */
  curve(count = 1000): ToyCurve {
    const z = Float64Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1)
    const points = Array.from(z, (one) => forward(this.#parameters, one).at(-1)!)
    const [x, y] = [0, 1].map((axis) => Float64Array.from(points, (point) => point[axis]))
    const value = z.map((_, i) => this.surface.at(x[i], y[i]).value)
    const distance = z.map((_, i) => {
      const at = Math.min(i, count - 2)
      return Math.hypot(x[at + 1] - x[at], y[at + 1] - y[at])
    })
    return { z, x, y, value, distance }
  }
}

/** Index and square of the distance of the point nearest to the i-th. */
function nearestTo(points: readonly Float64Array[], i: number): [number, number] {
  let [near, least] = [-1, Infinity]
  for (const [j, [x, y]] of points.entries()) {
    const square = (x - points[i][0]) ** 2 + (y - points[i][1]) ** 2
    if (j !== i && square < least) [near, least] = [j, square]
  }
  return [near, least]
}
