/** Thins a curve without losing a peak: each part of the range gives its least and its greatest point. */

export interface CurvePoint {
  step: number
  /** NaN where it was measured as such. */
  value: number
}

/**
 * Takes points one by one, in order of step, and keeps at most `maxPoints` of them, in that order: both
 * ends, and the least and greatest of each of equally wide parts of the range. A part whose values are NaN
 * gives one of these, so that the curve shows it.
 * @param ends first and last point of the curve; they may be among those that are taken
 * @param maxPoints at least 4
 * @param grids widths in steps, increasing: parts are made whole multiples of the widest that is no wider than they need to be
 */
export function downsampler([first, last]: readonly [CurvePoint, CurvePoint], maxPoints: number, grids: readonly number[] = []) {
  const range = last.step - first.step + 1
  const parts = Math.max(1, Math.floor((maxPoints - 2) / 2))
  const wanted = range / parts
  const grid = grids.findLastIndex((width) => width <= wanted)
  const unit = grids[grid] ?? 0
  // Where the first part is cut off by the grid, one more would be needed at the end: a little wider parts make up for it.
  const width = grid < 0 ? wanted : Math.ceil((range + unit) / parts / unit) * unit
  const origin = grid < 0 ? first.step : Math.floor(first.step / unit) * unit
  const kept: CurvePoint[] = []
  let part = -1
  let least: CurvePoint | null = null
  let greatest: CurvePoint | null = null
  let absent: CurvePoint | null = null

  function closePart(): void {
    const chosen = absent !== null ? [least === null ? greatest : pick(least, greatest), absent] : [least, greatest]
    const steps = new Set([first.step, last.step])
    for (const point of chosen.filter((each) => each !== null).sort((a, b) => a.step - b.step)) {
      if (steps.has(point.step)) continue
      steps.add(point.step)
      kept.push(point)
    }
    least = greatest = absent = null
  }

  // With a NaN to show, one place is left: for the value farthest from zero.
  function pick(low: CurvePoint, high: CurvePoint | null): CurvePoint {
    return high !== null && Math.abs(high.value) >= Math.abs(low.value) ? high : low
  }

  return {
    /** Which of the grids its parts begin at multiples of: extremes of that grid's stretches are as good as all points; -1: none. */
    grid,
    take(point: CurvePoint) {
      const here = Math.floor((point.step - origin) / width)
      if (here !== part) {
        closePart()
        part = here
      }
      if (Number.isNaN(point.value)) absent ??= point
      else {
        if (least === null || point.value < least.value) least = point
        if (greatest === null || point.value > greatest.value) greatest = point
      }
    },
    finish(): CurvePoint[] {
      closePart()
      return first.step === last.step ? [first] : [first, ...kept, last]
    },
  }
}
