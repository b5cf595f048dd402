/** The last lines that a child printed, for the report of its end. */

/** Lines that TensorFlow prints in the best of health. */
const noise =
  /All log messages before absl::InitializeLog|oneDNN custom operations|cpu_feature_guard|rebuild TensorFlow with the appropriate/

/** Characters of an unfinished line that are kept; one that never ends must not fill the memory. */
const maxLineLength = 2000

export class OutputTail {
  readonly #maxLines: number
  #lines: string[] = []
  #unfinished = ''

  constructor(maxLines = 12) {
    this.#maxLines = maxLines
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split('\n')
    this.#unfinished = (lines.pop() ?? '').slice(-maxLineLength)
    this.#lines.push(...lines.filter((line) => line.trim() !== '' && !noise.test(line)).map((line) => line.slice(0, maxLineLength)))
    this.#lines = this.#lines.slice(-this.#maxLines)
  }

  /** The lines, oldest first; empty when nothing worth telling was printed. */
  get text(): string {
    const last = noise.test(this.#unfinished) ? '' : this.#unfinished.trim()
    return [...this.#lines, ...(last === '' ? [] : [last])].join('\n')
  }
}
