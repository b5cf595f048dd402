/**
 * The contract between the lab and whoever shows it: every method and every stream, once, each with
 * its schema. Transports carry it and know none of its names; nothing else names a channel.
 */
import type { z } from 'zod'
import { analysisMethods, analysisStreams } from './contract/analyses.ts'
import { datasetMethods, datasetStreams } from './contract/datasets.ts'
import { eventMethods, eventStreams } from './contract/events.ts'
import { networkMethods } from './contract/networks.ts'
import { runMethods, runStreams } from './contract/runs.ts'
import { studyMethods } from './contract/studies.ts'
import { systemMethods, systemStreams } from './contract/system.ts'
import { taskMethods, taskStreams } from './contract/tasks.ts'
import { trashMethods } from './contract/trash.ts'

export const methods = {
  ...systemMethods,
  ...datasetMethods,
  ...runMethods,
  ...eventMethods,
  ...taskMethods,
  ...analysisMethods,
  ...networkMethods,
  ...studyMethods,
  ...trashMethods,
}
export const streams = { ...systemStreams, ...datasetStreams, ...runStreams, ...eventStreams, ...taskStreams, ...analysisStreams }

export type Methods = typeof methods
export type Streams = typeof streams
export type MethodName = keyof Methods
export type StreamName = keyof Streams

/** What a caller gives. */
export type ParamsOf<M extends MethodName> = z.input<Methods[M]['params']>
/** What a handler gets, once checked. */
export type CheckedParamsOf<M extends MethodName> = z.output<Methods[M]['params']>
export type ResultOf<M extends MethodName> = z.output<Methods[M]['result']>
export type StreamParamsOf<S extends StreamName> = z.input<Streams[S]['params']>
export type CheckedStreamParamsOf<S extends StreamName> = z.output<Streams[S]['params']>
export type ItemOf<S extends StreamName> = z.output<Streams[S]['item']>

/** What a renderer holds: the lab as one object, whatever carries its calls. */
export interface LabClient {
  /** @throws LabError what the lab answered; `cancelled` when the signal was aborted */
  call<M extends MethodName>(method: M, params: ParamsOf<M>, options?: { signal?: AbortSignal }): Promise<ResultOf<M>>
  /** Goes on over lost connections until closed. */
  open<S extends StreamName>(stream: S, params: StreamParamsOf<S>, on: StreamEvents<S>): { close(): void }
}

export interface StreamEvents<S extends StreamName> {
  item(item: ItemOf<S>): void
  /** It ended on the lab's side. */
  error?(error: Error): void
  /** The connection was lost and is there again: where items tell only changes, ask for the whole anew. */
  reopened?(): void
}
