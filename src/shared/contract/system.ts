/** The machine, the data folder and the person's preferences. */
import { z } from 'zod'
import { effect, query, stream } from './method.ts'
import { nothing } from './values.ts'

export const systemInfoSchema = z.object({
  version: z.string(),
  /** How the command line is called here. */
  program: z.string(),
  platform: z.string(),
  node: z.string(),
  cpu: z.string(),
  cores: z.int(),
  memoryBytes: z.number(),
  /** What TensorFlow runs on; and of a GPU that it does not use, why and what to do. */
  device: z.object({ kind: z.enum(['cpu', 'gpu']), name: z.string(), unused: z.string().nullable() }),
  /** Processes a training job is spread over. */
  farmProcesses: z.int(),
  dataDir: z.string(),
  /** What the data folder holds, bytes by kind. */
  used: z.object({ datasets: z.number(), checkpoints: z.number(), caches: z.number(), other: z.number() }),
  /** Free on its disk, bytes. */
  free: z.number(),
  /** What opening the data folder had to mend, in sentences. */
  mended: z.array(z.string()),
})
export type SystemInfo = z.infer<typeof systemInfoSchema>

export const systemLoadSchema = z.object({
  at: z.number(),
  /** Share of all cores in use by anything, 0 to 1. */
  cpu: z.number(),
  memoryUsed: z.number(),
  memoryTotal: z.number(),
  /** Resident memory of the running job's processes together, bytes; 0: none runs. */
  engineBytes: z.number(),
  /** Where one is seen. */
  gpu: z.object({ name: z.string(), load: z.number(), memoryUsed: z.number(), memoryTotal: z.number() }).nullable(),
})
export type SystemLoad = z.infer<typeof systemLoadSchema>

export const noteSchema = z.object({ at: z.number(), level: z.enum(['info', 'warn']), message: z.string() })
export type Note = z.infer<typeof noteSchema>

/** What was made of a damaged database. */
export const repairReportSchema = z.object({
  runs: z.int(),
  datasets: z.int(),
  checkpoints: z.int(),
  results: z.int(),
  /** Folder in which the damaged database lies; null: there was none. */
  kept: z.string().nullable(),
  /** What it was put together from, in sentences. */
  done: z.array(z.string()),
  /** What could not be brought back, in sentences. */
  lost: z.array(z.string()),
})
export type RepairReport = z.infer<typeof repairReportSchema>

export const systemMethods = {
  'system.info': query(nothing, systemInfoSchema),
  /** Removes what can be made again: probability caches. Answers the bytes freed. */
  'system.clearCaches': effect(nothing, z.object({ bytes: z.number() })),
  /** Puts a damaged database together anew, and opens the lab. Refused while it is open. */
  'system.repair': effect(nothing, repairReportSchema),
  'preferences.get': query(nothing, z.record(z.string(), z.json())),
  'preferences.set': effect(z.strictObject({ key: z.string().min(1).max(100), value: z.json() }), nothing),
}

export const systemStreams = {
  /** About once a second. */
  'system.load': stream(nothing, systemLoadSchema),
  /** What is worth a line and no error. */
  'system.notes': stream(nothing, z.object({ notes: z.array(noteSchema) })),
}
