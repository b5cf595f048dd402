/** What a method and a stream of the contract are. */
import type { z } from 'zod'

/** One question and its answer. */
export interface Method<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> {
  readonly params: P
  readonly result: R
  /** It changes something: a transport may send it again only to a peer that remembers having answered. */
  readonly effect: boolean
}

/** One question and answers for as long as they are wanted: the newest state, not every state in between. */
export interface Stream<P extends z.ZodType = z.ZodType, I extends z.ZodType = z.ZodType> {
  readonly params: P
  readonly item: I
}

/** A method that only looks. */
export function query<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Method<P, R> {
  return { params, result, effect: false }
}

/** A method that changes something. */
export function effect<P extends z.ZodType, R extends z.ZodType>(params: P, result: R): Method<P, R> {
  return { params, result, effect: true }
}

export function stream<P extends z.ZodType, I extends z.ZodType>(params: P, item: I): Stream<P, I> {
  return { params, item }
}
