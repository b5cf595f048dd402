/** Analyses of sampled networks: begun, watched, and what they found; which kinds there are, the registry says. */
import { z } from 'zod'
import { analysisRequestSchema } from '../../analyses/request.ts'
import type { AnalysisKind, Result } from '../../analyses/registry.ts'
import { effect, query, stream } from './method.ts'
import { taskSchema } from './tasks.ts'
import { float32, runId } from './values.ts'

/** A result of a known kind, found from a checkpoint: its options and findings are as the kind's schemas say. */
export type AnalysisResult<K extends AnalysisKind = AnalysisKind> = Result<K> & { checkpoint: string; seed: number }
export const resultSchema = z.custom<AnalysisResult>((value) => typeof value === 'object' && value !== null && 'kind' in value)

/** A result that this version cannot show: of a kind that only a newer one knows. */
export const unknownResultSchema = z.object({ id: z.int(), kind: z.string(), createdAt: z.number(), sentence: z.string() })
export type UnknownResult = z.infer<typeof unknownResultSchema>

/** Numbers in bulk by name, row-major. */
export const namedArraysSchema = z.record(z.string(), z.object({ shape: z.array(z.int()).readonly(), data: float32 }))

export const analysisMethods = {
  'analyses.start': effect(analysisRequestSchema.extend({ run: runId }), taskSchema),
  /** What was chosen on validation images, on all test images; `at`: step of the checkpoint. */
  'analyses.finalTest': effect(z.strictObject({ run: runId, at: analysisRequestSchema.shape.at }), taskSchema),
  /** A stored result with what it keeps beside it: coordinates and colours of a map, weights of a student. */
  'results.arrays': query(z.strictObject({ run: runId, id: z.int() }), z.object({ result: resultSchema, arrays: namedArraysSchema })),
}

export const analysisStreams = {
  /** What a task has of its arrays so far, while it works: a map that is laid out, for instance. */
  'analyses.watch': stream(
    z.strictObject({ task: z.string().min(1).max(100) }),
    z.object({ done: z.int(), total: z.int(), arrays: namedArraysSchema }),
  ),
}
