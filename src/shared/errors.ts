/**
 * Errors that a person can act on: a stable code for programs, a sentence that names the place,
 * and a remedy. Everything that is foreseen to go wrong is one of these; anything else is a defect.
 */
import { z } from 'zod'
import { helpSchema } from './help.ts'
import type { Help } from './help.ts'

/** Every code, and what it means. */
export const errorCodes = {
  'invalid-argument': 'the call itself is wrong: an unknown command, key or preset, a value out of range',
  'bad-input': 'a file from outside is not what it should be',
  doubtful: 'files from outside may be read in more than one way, or something is asked about a split: a person must say which',
  'not-found': 'a run, data set, checkpoint or file that was named does not exist',
  conflict: 'another process holds the data folder, or a run is in the wrong state',
  'newer-store': 'the data folder was written by a newer version',
  corrupt: 'a checksum does not match',
  disk: 'the disk is full, read-only or has vanished',
  memory: 'too little memory for what was asked',
  diverged: 'the loss is NaN or infinite, or diversity exploded or collapsed',
  'engine-lost': 'the engine process died or hung',
  'link-lost': 'the way to the lab broke: whether it was done is not known',
  cancelled: 'the person asked for it to stop',
  'set-up': 'something that the machine must have is missing',
  internal: 'a defect',
} as const
export type ErrorCode = keyof typeof errorCodes

/** Words of older versions, as they stand in what those versions stored. */
const formerCodes: Readonly<Record<string, ErrorCode>> = { 'wrong-use': 'invalid-argument' }

/** An error as it was stored, by whichever version: its code is one of today's. */
export function readStoredError(stored: Omit<ErrorValue, 'code'> & { code: string }): ErrorValue {
  return { ...stored, code: formerCodes[stored.code] ?? (stored.code as ErrorCode) }
}

/** The shape in which an error crosses a process, is stored with its run, and is written by `--json`. */
export const errorSchema = z.strictObject({
  code: z.enum(Object.keys(errorCodes) as ErrorCode[]),
  message: z.string(),
  /** A sentence for any reader; whoever shows it adds from `help` what to press or type. */
  remedy: z.string(),
  help: helpSchema.exactOptional(),
  /** What a defect left behind, for whoever reports it: no sentence for a reader. */
  details: z.string().exactOptional(),
})
export type ErrorValue = z.infer<typeof errorSchema>

/** What would help, as data, and what it came from. */
export type ErrorDetails = Help & { cause?: unknown }

/** An error with a code, a sentence for the person and what to do about it. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly remedy: string
  readonly help?: Help

  constructor(code: ErrorCode, message: string, remedy: string, { cause, ...help }: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'LabError'
    this.code = code
    this.remedy = remedy
    if (Object.keys(help).length > 0) this.help = help
  }

  /** Rebuilds an error that crossed a process boundary. */
  static from({ code, message, remedy, help, details }: ErrorValue): LabError {
    return new LabError(code, message, remedy, { ...help, cause: details })
  }
}

/** Something that cannot happen, and did. */
export function defect(message: string, cause?: unknown): LabError {
  return new LabError('internal', message, 'This is a defect in Weightscape: please report it, with its details.', { cause })
}

/** An error by what it says: over a channel its class is lost. */
const saidSchema = z.object({ ...errorSchema.shape, help: helpSchema.optional(), details: z.string().optional() })

/** Characters of details that are kept. */
const maxDetails = 4000

/** Turns anything thrown into an {@link ErrorValue}; what nobody has foreseen becomes `internal`. */
export function toErrorValue(thrown: unknown): ErrorValue {
  const { data: said } = saidSchema.safeParse(thrown)
  if (said !== undefined) {
    const { code, message, remedy, help, details = code === 'internal' ? traceOf((thrown as { cause?: unknown }).cause) : undefined } = said
    return { code, message, remedy, ...(help === undefined ? {} : { help }), ...(details === undefined ? {} : { details }) }
  }
  if (thrown instanceof AggregateError) {
    const known: unknown = thrown.errors.find((error) => saidSchema.safeParse(error).success)
    if (known !== undefined) return toErrorValue(known)
  }
  if (thrown instanceof RangeError && tooLarge.test(thrown.message)) {
    return { code: 'memory', message: 'What was asked for is larger than the memory can hold.', remedy: 'Ask for less at a time.' }
  }
  return toErrorValue(defect('Weightscape met a fault of its own, and could not go on with this.', thrown ?? String(thrown)))
}

function traceOf(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  if (typeof cause === 'string') return cause.slice(0, maxDetails)
  if (cause instanceof Error) return (cause.stack ?? cause.message).slice(0, maxDetails)
  if (typeof cause === 'object') return `An object of ${Object.keys(cause ?? {}).join(', ')}`.slice(0, maxDetails)
  return `A ${typeof cause}`
}

const tooLarge = /allocation failed|Invalid (typed )?array length|Invalid string length/

/** What something thrown says, for the inside of a sentence: never the engine's words for a fault of a program, nor an object's name. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError) return [...new Set(thrown.errors.map(messageOf))].join('; ')
  if (thrown instanceof RangeError) return 'it is larger than can be read here'
  if (thrown instanceof TypeError || thrown instanceof ReferenceError) return 'it is not as it should be'
  if (typeof thrown === 'string') return thrown
  const { message } = Object(thrown) as { message?: unknown }
  return typeof message === 'string' ? message : 'nothing more is known'
}
