/** What farm processes say to each other: headers of frames, checked where they arrive. */
import { defect, errorSchema, type ErrorValue, type LabError } from '../../shared/errors.ts'

/** To a worker; the payload is the networks' weights, [n, weights]. */
export type FarmRequest =
  | { type: 'gradient'; step: number; first: number; n: number }
  | { type: 'probabilities'; first: number; n: number; from: number; count: number }

/** From a worker; `first` and `n` as asked. */
export type FarmReply =
  /** First of all: who calls. */
  | { type: 'hello'; token: string }
  /** Payload: loss [n], accuracy [n], gradient [n, weights]. */
  | { type: 'gradient'; first: number; n: number }
  /** Payload: [n, count, classes]. */
  | { type: 'probabilities'; first: number; n: number }
  | { type: 'failed'; error: ErrorValue }

/** @throws LabError `internal` when the header is no request */
export function parseRequest(header: unknown): FarmRequest {
  const { type, step, first, n, from, count } = record(header)
  if (type === 'gradient' && isCount(step) && isCount(first) && isCount(n)) return { type, step, first, n }
  if (type === 'probabilities' && isCount(first) && isCount(n) && isCount(from) && isCount(count)) return { type, first, n, from, count }
  throw broken('request', header)
}

/** @throws LabError `internal` when the header is no reply */
export function parseReply(header: unknown): FarmReply {
  const { type, token, first, n, error } = record(header)
  if (type === 'hello' && typeof token === 'string') return { type, token }
  if ((type === 'gradient' || type === 'probabilities') && isCount(first) && isCount(n)) return { type, first, n }
  if (type === 'failed') {
    const { success, data } = errorSchema.safeParse(error)
    if (success) return { type, error: data }
  }
  throw broken('reply', header)
}

function broken(what: string, header: unknown): LabError {
  const text = JSON.stringify(header) ?? 'nothing'
  return defect(`A farm process sent a ${what} that is none: ${text.slice(0, 200)}`)
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
