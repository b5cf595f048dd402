/** What runs say while they train, for whoever watches: points of metrics and filters, before they are stored. */
import type { Filters } from '../../../shared/contract/runs.ts'
import type { MetricPoint } from '../../../shared/engine-protocol.ts'

export interface LiveListener {
  /** In order of step; a smaller step than before: the run went on from an earlier checkpoint. */
  points?(points: readonly MetricPoint[]): void
  filters?(filters: Filters): void
}

export class LiveRuns {
  readonly #listeners = new Map<string, Set<LiveListener>>()
  readonly #filters = new Map<string, Filters>()
  readonly #flushes = new Map<string, () => void>()

  /** A run begins to train. @param flush stores the points that wait for their transaction */
  begin(run: string, flush: () => void): void {
    this.#flushes.set(run, flush)
  }

  /** A run no longer trains. */
  end(run: string): void {
    this.#flushes.delete(run)
    this.#filters.delete(run)
  }

  points(run: string, points: readonly MetricPoint[]): void {
    for (const listener of this.#listeners.get(run) ?? []) listener.points?.(points)
  }

  filters(run: string, filters: Filters): void {
    this.#filters.set(run, filters)
    for (const listener of this.#listeners.get(run) ?? []) listener.filters?.(filters)
  }

  /** The newest of a run that trains. */
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
