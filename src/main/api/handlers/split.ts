/** The handlers of one feature. */
import type { MethodName, StreamName } from '../../../shared/contract.ts'
import type { Handlers, StreamHandlers } from '../handlers.ts'

export type MethodHandlers<M extends MethodName> = Pick<Handlers, M>
export type StreamHandlersOf<S extends StreamName> = Pick<StreamHandlers, S>

/** Names that begin with a word and a dot. */
export type MethodsOf<Prefix extends string> = Extract<MethodName, `${Prefix}.${string}`>
