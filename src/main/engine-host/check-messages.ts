/** Checks what engine processes send, where it arrives: a process gone wrong must not take the host along. */
import { z } from 'zod'
import type { EngineMessage, JobEvent, JobKind } from '../../shared/engine-protocol.ts'
import { errorSchema } from '../../shared/errors.ts'
import type { WorkerMessage } from './worker-messages.ts'

const count = z.int().nonnegative()
const numbers = z.instanceof(Float32Array)

/** Schemas of events by their type: none forgotten, none too many. */
const events = {
  progress: z.strictObject({
    type: z.literal('progress'),
    done: z.number(),
    total: z.number(),
    seconds: z.number(),
    note: z.string().optional(),
  }),
  metrics: z.strictObject({
    type: z.literal('metrics'),
    // A value may be NaN or infinite: that is what divergence looks like.
    points: z.array(
      z.strictObject({ step: count, name: z.string(), value: z.custom<number>((value) => typeof value === 'number'), at: z.number() }),
    ),
  }),
  // Fields of results are read by what stores and shows them, each with its own needs.
  evaluation: z.strictObject({ type: z.literal('evaluation'), step: count, result: z.looseObject({ n: count, mean: z.number() }) }),
  filters: z.strictObject({
    type: z.literal('filters'),
    step: count,
    networks: count,
    filters: count,
    kernel: count,
    channels: count,
    values: numbers,
  }),
  coordinates: z.strictObject({ type: z.literal('coordinates'), iteration: count, iterations: count, coordinates: numbers }),
  checkpoint: z.strictObject({
    type: z.literal('checkpoint'),
    reason: z.enum(['periodic', 'paused', 'finished', 'stopped']),
    state: z.strictObject({ step: count, arrays: z.record(z.string(), numbers) }),
  }),
  weights: z.strictObject({ type: z.literal('weights'), first: count, count, weights: numbers }),
  probabilities: z.strictObject({ type: z.literal('probabilities'), first: count, count, probabilities: numbers }),
  log: z.strictObject({ type: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
} satisfies Record<JobEvent['type'], z.ZodType>

const heartbeat = z.strictObject({ type: z.literal('heartbeat'), residentBytes: z.number().nonnegative() })
const failed = z.strictObject({ type: z.literal('failed'), error: errorSchema })

const engineMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ready'), versions: z.record(z.string(), z.string()), loadMs: z.number().nonnegative() }),
  heartbeat,
  z.strictObject({ type: z.literal('event'), event: z.union(Object.values(events)) }),
  z.strictObject({ type: z.literal('result'), result: z.looseObject({ kind: z.string() }) }),
  failed,
])

const workerMessage = z.discriminatedUnion('type', [z.strictObject({ type: z.literal('ready') }), heartbeat, failed])

/**
 * Checks a message of an engine process that runs a job of the kind given.
 * @throws Error saying what is wrong with it
 */
export function checkEngineMessage(value: unknown, kind: JobKind): EngineMessage {
  const message = parse(engineMessage, value)
  if (message.type === 'result' && message.result.kind !== kind) {
    throw new Error(`The result of a job of kind ${kind} is of kind ${message.result.kind}.`)
  }
  return message as EngineMessage
}

/** @throws Error saying what is wrong with it */
export function checkWorkerMessage(value: unknown): WorkerMessage {
  return parse(workerMessage, value)
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new Error(`${issue.path.join('.') || 'message'}: ${issue.message}`)
}
