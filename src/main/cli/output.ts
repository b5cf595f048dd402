/** Where a command's words go: for a person, or for a program. */
import type { ErrorValue } from '../../shared/errors.ts'
import type { ImportProgress } from '../../shared/contract/datasets.ts'
import type { JobUpdate } from '../lab/context/job-queue.ts'
import type { DemoStage } from '../lab/tasks/demo.ts'

export interface Output {
  /** How jobs stand. */
  job(update: JobUpdate): void
  /** How an import stands. */
  import(progress: ImportProgress): void
  stage(stage: DemoStage): void
  /** A line about what happens. */
  note(message: string): void
  /** One thing of a list, for programs. */
  item(event: string, fields: object): void
  /** The outcome: fields for programs, text for people. Once, last. */
  result(fields: object, text: string): void
  error(error: ErrorValue): void
}

/** A command has told its result, and the result is a failure: what remains is the exit code. */
export class FailedResult extends Error {
  readonly exitCode: 1 | 2

  /** @param exitCode 2: a person must answer something */
  constructor(exitCode: 1 | 2 = 1) {
    super('The result is a failure.')
    this.exitCode = exitCode
  }
}
