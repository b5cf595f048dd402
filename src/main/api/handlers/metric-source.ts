/** One listener's view of a run's metrics: what it has not had yet, and never more than a window can use. */
import type { ItemOf } from '../../../shared/contract.ts'
import type { MetricPoint } from '../../../shared/engine-protocol.ts'
import type { Lab } from '../../lab/lab.ts'
import type { Listener, Source } from '../handlers.ts'

type Item = ItemOf<'metrics.watch'>

/** Points a metric that wait at most; of more, the older half is passed over. */
const limit = 4096

interface Waiting {
  steps: number[]
  values: number[]
}

export class MetricSource implements Source<Item> {
  readonly #waiting = new Map<string, Waiting>()
  readonly #names: ReadonlySet<string> | null
  readonly #stop: () => void
  #gap = false

  /** @param from points after this step come first, from the store; absent: only those that come */
  constructor(lab: Lab, run: string, { names, from }: { names?: string[] | undefined; from?: number | undefined }, listener: Listener) {
    this.#names = names === undefined ? null : new Set(names)
    // In one go, so that no point falls between what is stored and what comes.
    lab.live.settle(run)
    if (from !== undefined) this.#catchUp(lab, run, from)
    this.#stop = lab.live.listen(run, {
      points: (points) => {
        for (const { name, step, value } of points) this.#add(name, step, value)
        if (this.#waiting.size > 0) listener.changed()
      },
    })
  }

  take(): Item | undefined {
    if (this.#waiting.size === 0) return undefined
    const series = [...this.#waiting].map(([name, { steps, values }]) => ({
      name,
      steps: Float64Array.from(steps),
      values: Float64Array.from(values),
    }))
    const gap = this.#gap
    this.#waiting.clear()
    this.#gap = false
    return { series, gap }
  }

  close(): void {
    this.#stop()
  }

  #catchUp(lab: Lab, run: string, from: number): void {
    for (const [name, { step }] of Object.entries(lab.store.metrics.latest(run))) {
      const start = Math.max(from + 1, step - limit + 1)
      if (start > from + 1) this.#gap = true
      for (const sample of lab.store.metrics.read(run, name, { from: start })) this.#add(name, sample.step, sample.value)
    }
  }

  #add(name: MetricPoint['name'], step: number, value: number): void {
    if (this.#names !== null && !this.#names.has(name)) return
    const waiting = this.#waiting.get(name) ?? { steps: [], values: [] }
    this.#waiting.set(name, waiting)
    waiting.steps.push(step)
    waiting.values.push(value)
    if (waiting.steps.length <= limit) return
    waiting.steps.splice(0, limit / 2)
    waiting.values.splice(0, limit / 2)
    this.#gap = true
  }
}
