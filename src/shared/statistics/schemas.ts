/** How results store what intervals are made of. */
import { z } from 'zod'
import type { Interval } from './intervals.ts'
import type { Moments } from './moments.ts'

/** Null: what is known is too little for one. */
export const intervalSchema: z.ZodType<Interval | null> = z.object({ low: z.number(), high: z.number() }).nullable()
/** A figure and its interval. */
export const figureSchema = z.object({ value: z.number(), interval: intervalSchema })
export type Figured = z.infer<typeof figureSchema>
/** How just probabilities are: expected calibration error in bins equally wide and of equally many images; Brier score, from 0 to 2; loss, nats. */
export const properScoresSchema = z.object({ error: figureSchema, massError: figureSchema, brier: figureSchema, loss: figureSchema })
export type ProperScores = z.infer<typeof properScoresSchema>
export const momentsSchema: z.ZodType<Moments> = z.object({ mean: z.number(), square: z.number() })
