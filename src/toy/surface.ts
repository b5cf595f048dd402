/** What the toy problem's points are to find: surfaces f over the plane, high where weights would be good. */
import { randomStream } from '../engine/random/stream.ts'

export interface Surface {
  /** f at a point, and its slope there. */
  at(x: number, y: number): { value: number; dx: number; dy: number }
}

/** What a person may choose from, with the formula of each. */
export const surfaces = {
  bumps: 'Ten bumps as in the paper, placed by the seed: f = Σ p · 2π s² · exp(−|y − m|² / 2s²)',
  ring: 'A ring: 7 exp(-(|y| - 4)^2 / 2)',
  valley: 'A bent ridge: 7 exp(-(y2 + 3 - y1^2 / 4)^2 / 2 - y1^2 / 32)',
  'four-peaks': "Himmelblau's four: 7 exp(-((y1^2 + y2 - 11)^2 + (y1 + y2^2 - 7)^2) / 60)",
} as const
export type SurfaceKind = keyof typeof surfaces

/** Height of the surfaces besides the bumps: about that of these. */
const top = 7

/** @param seed of the bumps; the other surfaces have none */
export function surfaceOf(kind: SurfaceKind, seed: number): Surface {
  if (kind === 'bumps') return bumps(seed)
  const exponents = { ring, valley, 'four-peaks': fourPeaks }
  return {
    at(x, y) {
      const [exponent, dx, dy] = exponents[kind](x, y)
      const value = top * Math.exp(exponent)
      return { value, dx: value * dx, dy: value * dy }
    },
  }
}

/** An exponent and its slope. */
type Exponent = [number, number, number]

function ring(x: number, y: number): Exponent {
  const radius = Math.hypot(x, y)
  const pull = radius === 0 ? 0 : -(radius - 4) / radius
  return [-((radius - 4) ** 2) / 2, pull * x, pull * y]
}

function valley(x: number, y: number): Exponent {
  const off = y + 3 - x ** 2 / 4
  return [-(off ** 2) / 2 - x ** 2 / 32, (off * x) / 2 - x / 16, -off]
}

function fourPeaks(x: number, y: number): Exponent {
  const [a, b] = [x ** 2 + y - 11, x + y ** 2 - 7]
  return [-(a ** 2 + b ** 2) / 60, -(4 * a * x + 2 * b) / 60, -(2 * a + 4 * b * y) / 60]
}

/** The authors' surface: ten Gaussian bumps, centres uniform in [-5, 5]^2, widths in [1, 1.1], shares in [1, 3] before they are made to sum to 1. */
function bumps(seed: number): Surface {
  const stream = randomStream(seed, 'toy-surface', 0, 0)
  const between = (low: number, high: number) => low + (high - low) * stream.uniform()
  const all = Array.from({ length: 10 }, () => ({ x: between(-5, 5), y: between(-5, 5), s: between(1, 1.1), p: between(1, 3) }))
  const sum = all.reduce((total, { p }) => total + p, 0)
  return {
    at(x, y) {
      const found = { value: 0, dx: 0, dy: 0 }
      for (const bump of all) {
        const [toX, toY, square] = [bump.x - x, bump.y - y, bump.s ** 2]
        const one = (bump.p / sum) * 2 * Math.PI * square * Math.exp(-(toX ** 2 + toY ** 2) / (2 * square))
        found.value += one
        found.dx += (one * toX) / square
        found.dy += (one * toY) / square
      }
      return found
    },
  }
}
