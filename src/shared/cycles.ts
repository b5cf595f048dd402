/** A run in cycles of equal length, over each of which the learning rate falls along half a cosine (Loshchilov and Hutter 2017). */

/**
 * Where in which cycle the run is after so many steps.
 * @returns cycles that are over, and the share of the next that is done, in [0, 1)
 */
export function cycleAt(cycles: number, steps: number, done: number): { over: number; share: number } {
  const place = (done * cycles) / steps
  const over = Math.floor(place)
  return { over, share: place - over }
}

/** What the rate is multiplied by: 1 as a cycle begins, towards 0 at its end. */
export const cosineAt = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2
