/** What runs say while they train, for whoever watches: points of metrics and filters, before they are stored. */
import type { Filters } from '../../../shared/contract/runs.ts'
import type { MetricPoint } from '../../../shared/engine-protocol.ts'

export interface LiveListener {
  /** In order of step; a smaller step than before: the run went on from an earlier checkpoint. */
  points?(points: readonly MetricPoint[]): void
  filters?(filters: Filters): void
}

/** Runs whose filters are remembered. */
const remembered = 64

export class LiveRuns {
  readonly #listeners = new Map<string, Set<LiveListener>>()
  readonly #filters = new Map<string, Filters>()
  readonly #flushes = new Map<string, () => void>()

  /** A run begins to train. @param flush stores the points that wait for their transaction */
  begin(run: string, flush: () => void): void {
    this.#flushes.set(run, flush)
    this.#filters.delete(run)
  }

  /** A run no longer trains. */
  end(run: string): void {
    this.#flushes.delete(run)
  }

  trains(run: string): boolean {
    return this.#flushes.has(run)
  }

  points(run: string, points: readonly MetricPoint[]): void {
    for (const listener of this.#listeners.get(run) ?? []) listener.points?.(points)
  }

  filters(run: string, filters: Filters): void {
    this.#filters.delete(run)
    this.#filters.set(run, filters)
    for (const old of [...this.#filters.keys()].slice(0, -remembered)) this.#filters.delete(old)
    for (const listener of this.#listeners.get(run) ?? []) listener.filters?.(filters)
  }

  /** The newest of a run that trains, or has trained lately: of its last step then. */
  newestFilters(run: string): Filters | undefined {
    return this.#filters.get(run)
  }

  /** Stores what a run has said so far, so that the store and what a listener hears from now on make a whole. */
  settle(run: string): void {
    this.#flushes.get(run)?.()
  }

  /** @returns what ends it */
  listen(run: string, listener: LiveListener): () => void {
    const listeners = this.#listeners.get(run) ?? new Set()
    this.#listeners.set(run, listeners.add(listener))
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.#listeners.delete(run)
    }
  }
}
