/** A student's learning curve while it learns, from what its task tells. */
import type { Task } from '../../../shared/contract/tasks.ts'

export interface CurvePoint {
  step: number
  accuracy: number
  loss: number
}

export class Learning {
  points = $state.raw<readonly CurvePoint[]>([])
  #task: string | null = null

  /** Adds what the task tells, if it is new; another task begins another curve. */
  take({ id, values }: Pick<Task, 'id' | 'values'>): void {
    const before = this.#task === id ? this.points : []
    if (this.#task !== id) {
      this.#task = id
      this.points = before
    }
    const { step, accuracy, loss } = values
    if (step === undefined || accuracy === undefined || loss === undefined || step <= (before.at(-1)?.step ?? 0)) return
    this.points = [...before, { step, accuracy, loss }]
  }
}
