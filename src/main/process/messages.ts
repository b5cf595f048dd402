/**
 * What crosses between a parent and its child, whatever they are about: calls with their events and one
 * answer, errors as values, bytes as they are (structured clone).
 */
import { z } from 'zod'
import type { ErrorValue } from '../../shared/errors.ts'

/** What a child can be asked: by method, what goes there and what comes back. */
export type Calls<C> = { [M in keyof C]: { params: unknown; event: unknown; result: unknown } }

/** `pause`: end at the next good place, keeping what there is. `cancel`: end now, nobody waits for it. */
export type Stop = 'pause' | 'cancel'

/** The parent has started the child, so the child trusts it: these are not checked. */
export type ToChild =
  | { type: 'call'; id: number; method: string; params: unknown }
  | { type: 'stop'; id: number; how: Stop }
  /** The oldest event or answer of this call not yet acknowledged has been dealt with. */
  | { type: 'ack'; id: number }

export type FromChild =
  | { type: 'heartbeat'; residentBytes: number }
  | { type: 'event'; id: number; event: unknown }
  | { type: 'result'; id: number; result: unknown }
  | { type: 'failed'; id: number; error: ErrorValue }

const id = z.int().positive()

/** What is in an event, a result or an error is checked by the schemas of its call. */
export const fromChild = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('heartbeat'), residentBytes: z.number().nonnegative() }),
  z.strictObject({ type: z.literal('event'), id, event: z.unknown() }),
  z.strictObject({ type: z.literal('result'), id, result: z.unknown() }),
  z.strictObject({ type: z.literal('failed'), id, error: z.unknown() }),
])

/**
 * Checks a value where it enters.
 * @throws Error saying what is wrong with it
 */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const checked = schema.safeParse(value)
  if (checked.success) return checked.data
  const issue = checked.error.issues[0]
  throw new Error(`${issue.path.join('.') || 'message'}: ${issue.message}`)
}
