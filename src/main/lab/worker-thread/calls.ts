/** What takes a processor long enough to be felt, and needs nothing of the lab: done in a thread of its own. */
import { z } from 'zod'
import { layoutSchema } from '../../../shared/network-import.ts'
import type { Schemas } from '../../process/channel.ts'
import type { ReportFile, ReportFormat, ReportInput } from '../../report/input.ts'
import type { CheckRequest } from '../formats/check/check-export.ts'
import type { GeneratorCheck } from '../formats/check/check-generator.ts'
import type { NetworkFiles, NetworkFilesRequest } from '../formats/networks/read-networks.ts'
import type { PredictRequest } from './predict.ts'

export interface ThreadCalls {
  report: { params: { input: ReportInput; format: ReportFormat }; event: never; result: ReportFile[] }
  check: { params: CheckRequest; event: never; result: string }
  checkGenerator: { params: GeneratorCheck; event: never; result: string }
  predict: { params: PredictRequest; event: never; result: number[][] }
  networks: { params: NetworkFilesRequest; event: never; result: NetworkFiles }
}

export const threadSchemas: Schemas<ThreadCalls> = {
  report: { event: z.never(), result: z.array(z.strictObject({ name: z.string(), bytes: z.instanceof(Uint8Array) })) },
  check: { event: z.never(), result: z.string() },
  checkGenerator: { event: z.never(), result: z.string() },
  predict: { event: z.never(), result: z.array(z.array(z.number())) },
  networks: {
    event: z.never(),
    result: z.strictObject({
      networks: z.int(),
      source: z.string(),
      sha256: z.string(),
      readings: z.array(z.strictObject({ layout: layoutSchema, weights: z.instanceof(Float32Array) })),
      doubted: z.array(z.string()),
      modules: z.array(z.string()),
      notes: z.array(z.string()),
    }),
  },
}
