/** Student's distribution. */

/** Degrees of freedom from which on its percentile is the normal one's, to five places. */
const large = 100_000
const kept = new Map<number, number>()

/**
 * The 97.5th percentile. Between whole degrees of freedom, as Welch's test has them, its logarithm goes in a straight line over
 * their inverse: too wide, by 0.5 % at most from two on, and by 3 % below.
 * @param freedom degrees of freedom, at least 1
 */
export function studentT(freedom: number): number {
  const degrees = Math.min(freedom, large)
  const below = Math.floor(degrees)
  if (below === degrees) return ofWhole(degrees)
  const [more, less] = [ofWhole(below), ofWhole(below + 1)]
  return less * (more / less) ** (below * (below + 1) * (1 / degrees - 1 / (below + 1)))
}

function ofWhole(degrees: number): number {
  const known = kept.get(degrees)
  if (known !== undefined) return known
  // The share within t grows with the angle, t = sqrt(freedom) tan(angle).
  let [low, high] = [0, Math.PI / 2]
  for (let halved = 0; halved < 52; halved++) {
    const angle = (low + high) / 2
    if (within(angle, degrees) < 0.95) low = angle
    else high = angle
  }
  const found = Math.sqrt(degrees) * Math.tan((low + high) / 2)
  kept.set(degrees, found)
  return found
}

/** Share of the distribution within an angle (Abramowitz and Stegun, 26.7.3 and 26.7.4). */
function within(angle: number, freedom: number): number {
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)]
  const odd = freedom % 2 === 1
  let term = odd ? cosine : 1
  let sum = freedom === 1 ? 0 : term
  for (let power = odd ? 3 : 2; power <= freedom - 2 && term > 0; power += 2) {
    term *= (cosine * cosine * (power - 1)) / power
    sum += term
  }
  return odd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum
}
