/** How results store what intervals are made of. */
import { z } from 'zod'
import type { Interval } from './intervals.ts'
import type { Moments } from './moments.ts'

/** Null: what is known is too little for one. */
export const intervalSchema: z.ZodType<Interval | null> = z.object({ low: z.number(), high: z.number() }).nullable()
export const momentsSchema: z.ZodType<Moments> = z.object({ mean: z.number(), square: z.number() })
