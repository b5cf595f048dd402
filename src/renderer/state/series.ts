/** Points of one metric as they come. */

export interface Points {
  steps: Float64Array
  values: Float64Array
}

export const noPoints: Points = { steps: new Float64Array(0), values: new Float64Array(0) }

/** With more points: those from a step on that is there already replace what was there, as the run went on from an earlier checkpoint. */
export function extended(points: Points, more: Points): Points {
  if (more.steps.length === 0) return points
  let kept = points.steps.length
  while (kept > 0 && points.steps[kept - 1] >= more.steps[0]) kept--
  return { steps: joined(points.steps.subarray(0, kept), more.steps), values: joined(points.values.subarray(0, kept), more.values) }
}

function joined(first: Float64Array, second: Float64Array): Float64Array {
  const all = new Float64Array(first.length + second.length)
  all.set(first)
  all.set(second, first.length)
  return all
}
