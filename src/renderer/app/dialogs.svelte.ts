/** Questions that hold everything up until they are answered. */

export interface Question {
  title: string
  /** What will happen, in a sentence. */
  text: string
  /** The verb: "Stop the run". */
  action: string
  danger?: boolean
}

export class Dialogs {
  question = $state.raw<Question | null>(null)
  #answer: ((yes: boolean) => void) | null = null

  /** Asks; false when it is put away. */
  confirm(question: Question): Promise<boolean> {
    this.answer(false)
    this.question = question
    return new Promise((resolve) => (this.#answer = resolve))
  }

  answer(yes: boolean): void {
    this.question = null
    this.#answer?.(yes)
    this.#answer = null
  }
}
