/** What engine and farm processes are asked, and what they may say: a process gone wrong must not take the host along. */
import { z } from 'zod'
import type { EngineJob, JobEvent, JobKind, JobResult, NetworksRun } from '../../shared/engine-protocol.ts'
import { axesSchema, pointSchema, type Axes, type AxesRequest, type Point, type PointRequest } from '../../shared/cockpit.ts'
import type { ExplorationTask } from '../../shared/engine-host.ts'
import { jobEventSchemas } from '../../shared/job-events.ts'
import type { Schemas } from '../process/channel.ts'
import type { FarmAddress } from './farm-socket.ts'
import type { FarmJob } from './open-farm.ts'

/** TensorFlow is loaded; versions of what runs there, by name, and of an engine the device and how it runs networks. */
const ready = z.strictObject({ type: z.literal('ready'), versions: z.record(z.string(), z.string()) })
export type EngineReady = z.infer<typeof ready>

const looked = z.strictObject({ versions: ready.shape.versions, gpu: z.boolean(), cuda: z.boolean() })

/** An engine process answers one call and ends; or it explores, and answers until it is ended. */
export interface EngineCalls {
  run: {
    /** networks: how it runs them; null: all at once where TensorFlow has a GPU */
    params: { job: EngineJob; farm: { address: FarmAddress; workers: number } | null; networks: NetworksRun | null }
    event: JobEvent | EngineReady
    result: JobResult
  }
  /** Makes a checkpoint's networks ready, for any number of the two below. */
  explore: { params: ExplorationTask; event: EngineReady; result: null }
  axes: { params: AxesRequest; event: never; result: Axes }
  point: { params: PointRequest; event: never; result: Point }
  /** What TensorFlow runs on. */
  look: { params: null; event: never; result: { versions: Record<string, string>; gpu: boolean; cuda: boolean } }
}

/** A farm worker answers one call: when the engine has let it go. */
export interface FarmCalls {
  work: { params: { job: FarmJob; address: FarmAddress }; event: EngineReady; result: null }
}

const { progress, ...others } = jobEventSchemas
const event = z.discriminatedUnion('type', [progress, ...Object.values(others), ready])

/** What an engine process that runs a job of this kind may say. */
export function engineSchemas(kind: JobKind): Schemas<EngineCalls> {
  return {
    run: { event, result: z.looseObject({ kind: z.literal(kind) }) },
    explore: { event: ready, result: z.null() },
    axes: { event: z.never(), result: axesSchema },
    point: { event: z.never(), result: pointSchema },
    look: { event: z.never(), result: looked },
  }
}

export const farmSchemas: Schemas<FarmCalls> = { work: { event: ready, result: z.null() } }
