/** What farm processes say to each other: headers of frames, checked where they arrive. */
import { z } from 'zod'
import { defect, errorSchema } from '../../shared/errors.ts'

const count = z.int().nonnegative()
const networks = { first: count, n: count }

/** To a worker; the payload is the networks' weights, [n, weights]. */
const request = z.discriminatedUnion('type', [
  z.object({ type: z.literal('gradient'), step: count, ...networks }),
  z.object({ type: z.literal('probabilities'), ...networks, from: count, count }),
])
export type FarmRequest = z.infer<typeof request>

/** From a worker; `first` and `n` as asked. */
const reply = z.discriminatedUnion('type', [
  /** First of all: who calls. */
  z.object({ type: z.literal('hello'), token: z.string() }),
  /** Payload: loss [n], accuracy [n], gradient [n, weights]. */
  z.object({ type: z.literal('gradient'), ...networks }),
  /** Payload: [n, count, classes]. */
  z.object({ type: z.literal('probabilities'), ...networks }),
  z.object({ type: z.literal('failed'), error: errorSchema }),
])
export type FarmReply = z.infer<typeof reply>

const reader =
  <T>(schema: z.ZodType<T>, what: string) =>
  (header: unknown): T => {
    const { success, data } = schema.safeParse(header)
    if (success) return data
    const text = JSON.stringify(header) ?? 'nothing'
    throw defect(`A farm process sent a ${what} that is none: ${text.slice(0, 200)}`)
  }

/** @throws LabError `internal` when the header is no request */
export const parseRequest = reader(request, 'request')
/** @throws LabError `internal` when the header is no reply */
export const parseReply = reader(reply, 'reply')
