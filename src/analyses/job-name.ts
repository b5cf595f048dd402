/** What a job is called: by the command that asks for it. */
import type { EngineJob } from '../shared/engine-protocol.ts'
import { findAnalysis } from './registry.ts'

export const jobName = (job: EngineJob): string =>
  job.kind === 'analysis' ? (findAnalysis(job.analysis)?.command ?? job.analysis) : job.kind
