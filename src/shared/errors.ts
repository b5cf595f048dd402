/**
 * Errors that a person can act on: a stable code for programs, a sentence that names the place,
 * and a remedy. Everything that is foreseen to go wrong is one of these; anything else is a defect.
 */
export type ErrorCode =
  | 'invalid-argument' // exit 2: the call itself is wrong (unknown command, key or preset, value out of range)
  | 'bad-input' // a file from outside is not what it should be
  | 'not-found' // a run, data set, checkpoint or file that was named does not exist
  | 'conflict' // another process holds the data folder, or a run is in the wrong state
  | 'newer-store' // the data folder was written by a newer version
  | 'corrupt' // a checksum does not match
  | 'disk' // full, read-only or vanished
  | 'memory' // too little memory for what was asked
  | 'diverged' // loss is NaN or infinite, or diversity exploded or collapsed
  | 'engine-lost' // the engine process died or hung
  | 'link-lost' // the way to the lab broke: whether it was done is not known
  | 'cancelled' // the person asked for it to stop
  | 'set-up' // something the machine must have is missing
  | 'internal' // a defect

/** Words of older versions, as they stand in what those versions stored. */
const formerCodes: Readonly<Record<string, ErrorCode>> = { 'wrong-use': 'invalid-argument' }

/** An error as it was stored, by whichever version: its code is one of today's. */
export function readStoredError(stored: Omit<ErrorValue, 'code'> & { code: string }): ErrorValue {
  return { ...stored, code: formerCodes[stored.code] ?? (stored.code as ErrorCode) }
}

/** The shape in which an error crosses a process or the command line's `--json`. */
export interface ErrorValue {
  code: ErrorCode
  message: string
  remedy: string
}

/** An error with a code, a sentence for the person and what to do about it. */
export class LabError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  constructor(code: ErrorCode, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'LabError'
    this.code = code
    this.remedy = remedy
  }

  /** Rebuilds an error that crossed a process boundary. */
  static from(value: ErrorValue): LabError {
    return new LabError(value.code, value.message, value.remedy)
  }
}

/** Turns anything thrown into an {@link ErrorValue}; what is not a LabError becomes `internal`. */
export function toErrorValue(thrown: unknown): ErrorValue {
  if (thrown instanceof LabError) {
    return { code: thrown.code, message: thrown.message, remedy: thrown.remedy }
  }
  const message = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  return { code: 'internal', message, remedy: 'This is a defect in Weightscape: please report it with the text above.' }
}
