/** A student's learning curve while it learns, from what its task has told and tells. */
import type { LabClient } from '../../../shared/contract.ts'
import type { Task } from '../../../shared/contract/tasks.ts'

export interface CurvePoint {
  step: number
  accuracy: number
  loss: number
}

export class Learning {
  points = $state.raw<readonly CurvePoint[]>([])
  #task: string | null = null
  readonly #client: LabClient

  constructor(client: LabClient) {
    this.#client = client
  }

  /** Adds what the task tells; another task begins another curve, with all that it told before. @throws LabError as the lab says */
  async take({ id, values }: Pick<Task, 'id' | 'values'>): Promise<void> {
    const isNew = this.#task !== id
    if (isNew) this.points = []
    this.#task = id
    this.#add([values])
    if (!isNew) return
    const course = await this.#client.call('tasks.course', { id })
    if (this.#task === id) this.#add(course)
  }

  #add(told: readonly Task['values'][]): void {
    const points = told.flatMap(({ step, accuracy, loss }) =>
      step === undefined || accuracy === undefined || loss === undefined ? [] : [{ step, accuracy, loss }],
    )
    const byStep = new Map([...this.points, ...points].map((point) => [point.step, point]))
    if (byStep.size > this.points.length) this.points = [...byStep.values()].sort((a, b) => a.step - b.step)
  }
}
