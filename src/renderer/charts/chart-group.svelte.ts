/** Charts over the same steps: one cursor, one zoom. */
import type { Range } from './lines.ts'

export class ChartGroup {
  /** Step under the pointer, in whichever chart it is. */
  cursor = $state<number | null>(null)
  /** Part of the steps that is shown; null: all. */
  range = $state.raw<Range | null>(null)
}
