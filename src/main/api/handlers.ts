/**
 * What answers the contract: one function a method, one source a stream, and where files go in and
 * out. Handlers know of no transport; whatever they throw reaches the caller as an error with its code.
 */
import type { UploadArea } from '../lab/imports/imports.ts'
import type { CheckedParamsOf, CheckedStreamParamsOf, ItemOf, MethodName, ResultOf, StreamName } from '../../shared/contract.ts'

export interface CallContext {
  /** Aborted when the caller no longer wants the answer. */
  readonly signal: AbortSignal
}

export type Handlers = {
  readonly [M in MethodName]: Handler<CheckedParamsOf<M>, ResultOf<M>>
}

/** One that has nothing to say may return nothing; `{}` is sent. */
type Handler<P, R> =
  | ((params: P, context: CallContext) => R | Promise<R>)
  | (R extends Record<string, never> ? (params: P, context: CallContext) => void | Promise<void> : never)

/** How a source speaks to whoever listens. */
export interface Listener {
  /** There is something that {@link Source.take} has not given yet. Cheap: call it as often as things change. */
  changed(): void
  /** The stream ends with this error. */
  fail(error: unknown): void
}

/**
 * One listener's view of a stream. It holds what changed since it was last asked, newest value a key,
 * never a queue: so a slow window costs no memory and misses no last value. `changes.ts` has the
 * holders for the usual cases.
 */
export interface Source<I> {
  /**
   * What is new since the last call; undefined: nothing. Called once at the beginning (what there is
   * already), then after `changed()` whenever the listener has room for one more item. A source that
   * gives a part only calls `changed()` again.
   */
  take(): I | undefined | Promise<I | undefined>
  /** Nobody listens any more; called once. */
  close(): void
}

export type StreamHandlers = {
  readonly [S in StreamName]: (params: CheckedStreamParamsOf<S>, listener: Listener) => Source<ItemOf<S>> | Promise<Source<ItemOf<S>>>
}

/** A file that the lab has made, ready to be taken away. */
export interface ArtefactFile {
  path: string
  /** What the person's copy is called. */
  name: string
  /** Media type. */
  type: string
}

/** The lab as its clients see it. */
export interface ApiRouter {
  readonly handlers: Handlers
  readonly streams: StreamHandlers
  /** @throws LabError `not-found` */
  artefact(id: string): ArtefactFile | Promise<ArtefactFile>
  /** @throws LabError `not-found`, `conflict` when the import no longer receives */
  uploadFolder(importId: string): UploadArea | Promise<UploadArea>
}
