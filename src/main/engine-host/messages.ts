/** What engine and farm processes are asked, and what they may say: a process gone wrong must not take the host along. */
import { z } from 'zod'
import type { EngineJob, JobEvent, JobKind, JobResult } from '../../shared/engine-protocol.ts'
import type { Schemas } from '../process/channel.ts'
import type { FarmAddress } from './farm-socket.ts'
import type { FarmJob } from './open-farm.ts'

/** TensorFlow is loaded. */
export interface EngineReady {
  type: 'ready'
  /** Of what runs there, by name. */
  versions: Record<string, string>
}

/** An engine process answers one call. */
export interface EngineCalls {
  run: {
    params: { job: EngineJob; farm: { address: FarmAddress; workers: number } | null }
    event: JobEvent | EngineReady
    result: JobResult
  }
}

/** A farm worker answers one call: when the engine has let it go. */
export interface FarmCalls {
  work: { params: { job: FarmJob; address: FarmAddress }; event: EngineReady; result: null }
}

const count = z.int().nonnegative()
const numbers = z.instanceof(Float32Array)
const arrays = z.record(z.string(), z.strictObject({ shape: z.array(count), data: numbers }))
const ready = z.strictObject({ type: z.literal('ready'), versions: z.record(z.string(), z.string()) })

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
  draft: z.strictObject({ type: z.literal('draft'), done: count, total: count, arrays }),
  checkpoint: z.strictObject({
    type: z.literal('checkpoint'),
    reason: z.enum(['periodic', 'paused', 'finished', 'stopped']),
    state: z.strictObject({ step: count, arrays: z.record(z.string(), numbers) }),
  }),
  weights: z.strictObject({ type: z.literal('weights'), first: count, count, weights: numbers }),
  probabilities: z.strictObject({ type: z.literal('probabilities'), first: count, count, probabilities: numbers }),
  log: z.strictObject({ type: z.literal('log'), level: z.enum(['info', 'warn']), message: z.string() }),
  ready,
} satisfies Record<EngineCalls['run']['event']['type'], z.ZodType>

const [first, ...more] = Object.values(events)
const event = z.discriminatedUnion('type', [first, ...more])

/** What an engine process that runs a job of this kind may say. */
export function engineSchemas(kind: JobKind): Schemas<EngineCalls> {
  return { run: { event, result: z.looseObject({ kind: z.literal(kind) }) } }
}

export const farmSchemas: Schemas<FarmCalls> = { work: { event: ready, result: z.null() } }
