/** Something the machine or its person must mend before set-up can go on: one sentence, and what to do. */
export class SetUpProblem extends Error {
  /**
   * @param {string} message a sentence that names what is missing or wrong
   * @param {string} remedy a sentence that says what to do
   */
  constructor(message, remedy) {
    super(message)
    this.name = 'SetUpProblem'
    this.remedy = remedy
  }
}

/**
 * For a script's entry: where the work meets problems they are said as the command line would, and the process ends with 1.
 * @template T
 * @param {() => Promise<T>} work throws a SetUpProblem, or several in an AggregateError, so that a person mends them in one go
 * @param {boolean} json also on stdout, for programs
 * @returns {Promise<T>}
 */
export async function orExit(work, json) {
  try {
    return await work()
  } catch (error) {
    for (const problem of error instanceof AggregateError ? error.errors : [error]) {
      if (!(problem instanceof SetUpProblem)) throw error
      const { message, remedy } = problem
      process.stderr.write(`${message} ${remedy}\n`)
      if (json) process.stdout.write(`${JSON.stringify({ event: 'error', code: 'set-up', message, remedy })}\n`)
    }
    process.exit(1)
  }
}
