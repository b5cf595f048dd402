/** What crosses between a window and the lab, each way. What is inside is the contract's to check. */
import { z } from 'zod'
import { errorSchema } from '../errors.ts'

/** Both ends must be of one version; a page kept from before an update is not. */
export const protocolVersion = 3

/** Of a call or a stream; never used twice in a session, over all its connections. */
const id = z.int().min(1)
const name = z.string().min(1).max(100)

/** 128 random bits: a window's own, for as long as it lives. */
export const sessionSchema = z.string().regex(/^[0-9a-f]{32}$/)

/** Items that may be on their way at once. */
const credit = z.int().min(1).max(100)

export const windowMessageSchema = z.discriminatedUnion('type', [
  /** First on every connection. */
  z.strictObject({ type: z.literal('hello'), protocol: z.int(), session: sessionSchema }),
  z.strictObject({ type: z.literal('call'), id, method: name, params: z.unknown() }),
  /** The answer to a call is not wanted any more; there will be none. */
  z.strictObject({ type: z.literal('cancel'), id }),
  /** The answer to an effect has come: it need not be remembered. */
  z.strictObject({ type: z.literal('ack'), id }),
  z.strictObject({ type: z.literal('open'), id, stream: name, params: z.unknown(), credit }),
  /** So many more items may come. */
  z.strictObject({ type: z.literal('credit'), id, items: credit }),
  z.strictObject({ type: z.literal('close'), id }),
  z.strictObject({ type: z.literal('ping') }),
])
export type WindowMessage = z.infer<typeof windowMessageSchema>

export const labMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('welcome'),
    protocol: z.int(),
    /** Another one after each start. */
    lab: z.string(),
    /** The session is known: effects that were sent before may be sent again, and are not done twice. */
    known: z.boolean(),
    /** A frame may have so many bytes. */
    maxBytes: z.int(),
    /** Methods that change something: what a window need not load the contract for. */
    effects: z.array(name),
  }),
  z.strictObject({ type: z.literal('reply'), id, result: z.unknown() }),
  z.strictObject({ type: z.literal('failed'), id, error: errorSchema }),
  z.strictObject({ type: z.literal('item'), id, item: z.unknown() }),
  /** Of a stream: no more items. */
  z.strictObject({ type: z.literal('ended'), id, error: errorSchema }),
  z.strictObject({ type: z.literal('pong') }),
])
export type LabMessage = z.infer<typeof labMessageSchema>
