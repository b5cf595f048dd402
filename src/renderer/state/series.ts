/** Points of one metric as they come, in arrays that grow. */
import type { Series } from '../../shared/contract/runs.ts'

export class SeriesBuffer {
  #steps = new Float64Array(1024)
  #values = new Float64Array(1024)
  #length = 0

  get lastStep(): number {
    return this.#length === 0 ? 0 : this.#steps[this.#length - 1]
  }

  /** Points so far: views of what the buffer holds, to be read before it changes. */
  get points(): { steps: Float64Array; values: Float64Array } {
    return { steps: this.#steps.subarray(0, this.#length), values: this.#values.subarray(0, this.#length) }
  }

  replace({ steps, values }: Pick<Series, 'steps' | 'values'>): void {
    this.#length = 0
    this.append({ steps, values })
  }

  /** Adds points; those from a step on that is there already replace what was there: the run went on from an earlier checkpoint. */
  append({ steps, values }: Pick<Series, 'steps' | 'values'>): void {
    if (steps.length === 0) return
    while (this.#length > 0 && this.#steps[this.#length - 1] >= steps[0]) this.#length--
    this.#makeRoom(this.#length + steps.length)
    this.#steps.set(steps, this.#length)
    this.#values.set(values, this.#length)
    this.#length += steps.length
  }

  #makeRoom(length: number): void {
    if (length <= this.#steps.length) return
    const room = Math.max(length, this.#steps.length * 2)
    const grown = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const array = new Float64Array(room)
      array.set(old.subarray(0, this.#length))
      return array
    }
    this.#steps = grown(this.#steps)
    this.#values = grown(this.#values)
  }
}
