/** What was measured while runs trained. */
import type { MetricPoint } from '../../../shared/engine-protocol.ts'

export interface MetricSample {
  step: number
  /** NaN and infinities come back as they went in. */
  value: number
  at: number
}

/** Points as they are drawn. */
export interface Curve {
  steps: Float64Array
  /** NaN and infinities as they went in. */
  values: Float64Array
}

export interface MetricStore {
  /** One transaction; a point of a step and name already there is replaced (a resumed run repeats steps). */
  append(run: string, points: readonly MetricPoint[]): void
  names(run: string): string[]
  /** Every point, in order of step. */
  read(run: string, name: string, range?: { from?: number; to?: number }): MetricSample[]
  /**
   * In order of step. With `maxPoints` (at least 4), at most so many: the range is cut into equal parts, and
   * each gives its least and greatest value, so that no peak is lost; first and last point always stay.
   */
  curve(run: string, name: string, options?: { from?: number; to?: number; maxPoints?: number }): Curve
  /** The last point of each name. */
  latest(run: string): Record<string, MetricSample>
  /** Forgets points after a step (before a run goes on from an earlier checkpoint). */
  truncate(run: string, afterStep: number): void
}
