/** The lab as its clients see it: every method and stream of the contract, answered by its services. */
import type { Lab } from '../../lab/lab.ts'
import type { Handlers, StreamHandlers, ApiRouter } from '../handlers.ts'
import { analysisHandlers } from './analyses.ts'
import { datasetHandlers } from './datasets.ts'
import { eventHandlers } from './events.ts'
import { metricHandlers } from './metrics.ts'
import { networkHandlers } from './networks.ts'
import { runHandlers } from './runs.ts'
import { studyHandlers } from './studies.ts'
import { systemHandlers } from './system.ts'
import { taskHandlers } from './tasks.ts'
import { trashHandlers } from './trash.ts'

export function routerOf(lab: Lab): ApiRouter {
  const all: Handlers & StreamHandlers = {
    ...systemHandlers(lab),
    ...datasetHandlers(lab),
    ...runHandlers(lab),
    ...eventHandlers(lab),
    ...metricHandlers(lab),
    ...taskHandlers(lab),
    ...analysisHandlers(lab),
    ...networkHandlers(lab),
    ...studyHandlers(lab),
    ...trashHandlers(lab),
  }
  return {
    handlers: all,
    streams: all,
    artefact: (id) => lab.artefacts.file(id),
    uploadFolder: (id) => lab.imports.uploadArea(id),
  }
}
