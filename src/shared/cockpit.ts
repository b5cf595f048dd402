/** The latent cockpit: directions through the space of latent vectors, and what the network at a point is worth. */
import { z } from 'zod'
import { float32, uint32 } from './contract/values.ts'
import { lastNetwork } from './network-count.ts'
import { seedSchema } from './seeds.ts'

/** Directions that a person can go in: two of a pad, the others of sliders. */
export const cockpitDirections = 6
/** Validation images that a point is tried on: few, so that its picture comes at once (bench/micro/cockpit.ts measures how soon). */
export const cockpitImages = 300
/** Networks that principal directions are found from. */
export const cockpitNetworks = 200
/** Filters of a layer that are shown. */
export const cockpitFilters = 32

export const directionKinds = ['random', 'principal', 'line'] as const
export type DirectionKind = (typeof directionKinds)[number]

/** In words, as a form has them. */
export const directionNames: Record<DirectionKind, string> = {
  random: 'Random',
  principal: 'Principal',
  line: 'Line of two networks',
}

/** Which directions: through which networks, drawn by which seed. */
export const axesRequestSchema = z.strictObject({
  kind: z.enum(directionKinds),
  seed: seedSchema,
  /** Where it begins; of a line, its ends. */
  networks: z.tuple([z.int().min(0).max(lastNetwork), z.int().min(0).max(lastNetwork)]),
  /** Of principal directions: layer with weights, from 1 on, whose components they are; left out: of all weights. */
  layer: z.int().min(1).optional(),
})
export type AxesRequest = z.infer<typeof axesRequestSchema>

export const axesSchema = z.object({
  /** [latent] */
  origin: float32,
  /** [directions, latent] */
  directions: float32,
  /** Share of the variance of the weights that each direction's component explains; empty: they are no components. */
  explained: z.array(z.number()),
  /** Least and greatest coordinate of vectors that networks come from: points stay within. */
  low: z.number(),
  high: z.number(),
})
export type Axes = z.infer<typeof axesSchema>

export const pointRequestSchema = z.strictObject({
  /** [latent] */
  z: float32,
  /** Layer with weights whose filters are shown, from 1 on, and the channel that they read. */
  layer: z.int().min(1),
  channel: z.int().min(0),
})
export type PointRequest = z.infer<typeof pointRequestSchema>

export const pointSchema = z.object({
  images: z.int(),
  /** Right answers. */
  right: z.int(),
  /** Mean cross-entropy, nats; of a network that gives no numbers it is none itself. */
  loss: z.custom<number>((value) => typeof value === 'number'),
  /** Of each class, images and wrong answers. */
  of: uint32,
  wrong: uint32,
  /** float32 [filters, height, width], without biases. */
  filters: float32,
  height: z.int(),
  width: z.int(),
  /** Channels that these filters read. */
  channels: z.int(),
})
export type Point = z.infer<typeof pointSchema>

/** The vector so far along each direction. @param amounts from -1 to 1; left out: 0 */
export function pointOn({ origin, directions, low, high }: Axes, amounts: readonly number[]): Float32Array {
  return origin.map((from, i) => {
    const value = amounts.reduce((sum, amount, k) => sum + amount * directions[k * origin.length + i], from)
    return Math.min(high, Math.max(low, value))
  })
}

/** A point as a file keeps it: the same checkpoint gives the same network. */
export const keptPointSchema = z.strictObject({ checkpoint: z.string(), z: z.array(z.number()).min(1) })
export type KeptPoint = z.infer<typeof keptPointSchema>
