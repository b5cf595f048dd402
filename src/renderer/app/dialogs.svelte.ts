/** What lies over every view: questions that hold everything up until they are answered, and the import of networks. */

export interface Question {
  title: string
  /** What will happen, in a sentence. */
  text: string
  /** The verb: "Stop the run". */
  action: string
  danger?: boolean
}

/** Files of networks, however they came. */
export interface GivenNetworks {
  names: readonly string[]
  /** Brings them into an import that has begun. */
  bring(importId: string): Promise<void>
}

export class Dialogs {
  question = $state.raw<Question | null>(null)
  /** The import of networks that is open; without names: files are chosen there. */
  networks = $state.raw<GivenNetworks | null>(null)
  #answer: ((yes: boolean) => void) | null = null

  /** Opens the import of networks, with files that are there already. */
  importNetworks(given: GivenNetworks = { names: [], bring: () => Promise.resolve() }): void {
    this.networks = given
  }

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
