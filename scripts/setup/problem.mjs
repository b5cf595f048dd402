/** Something the machine or its person must mend before set-up can go on: one sentence, and what to do. */
export class SetUpProblem extends Error {
  /**
   * @param {string} message a sentence that names what is missing or wrong
   * @param {string} remedy a sentence that says what to do
   * @param {{ cause?: unknown }} [options]
   */
  constructor(message, remedy, options) {
    super(message, options)
    this.name = 'SetUpProblem'
    this.remedy = remedy
  }
}
