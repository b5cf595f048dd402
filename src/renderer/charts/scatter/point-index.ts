/** Finds points by place, in a grid of about four points a cell. */
import type { Point } from './camera.ts'

export class PointIndex {
  readonly #coordinates: Float32Array
  readonly #columns: number
  readonly #rows: number
  readonly #left: number
  readonly #bottom: number
  readonly #cell: number
  /** Where each cell's points begin in `#members`, and after the last where they end. */
  readonly #starts: Uint32Array
  readonly #members: Uint32Array

  /** @param coordinates float32 [n, 2] @param visible indices of the points that can be found; left out: all */
  constructor(coordinates: Float32Array, visible: Iterable<number> = new Uint32Array(coordinates.length >> 1).keys()) {
    this.#coordinates = coordinates
    const placed = [...visible].filter((i) => isPlaced(coordinates, i))
    const n = placed.length
    let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity]
    for (const i of placed) {
      left = Math.min(left, coordinates[2 * i])
      right = Math.max(right, coordinates[2 * i])
      bottom = Math.min(bottom, coordinates[2 * i + 1])
      top = Math.max(top, coordinates[2 * i + 1])
    }
    const across = Math.max(right - left, 0) || 1
    const up = Math.max(top - bottom, 0) || 1
    this.#left = Number.isFinite(left) ? left : 0
    this.#bottom = Number.isFinite(bottom) ? bottom : 0
    this.#cell = Math.max(Math.sqrt((across * up * 4) / Math.max(n, 1)), Math.max(across, up) / 2048)
    this.#columns = Math.floor(across / this.#cell) + 1
    this.#rows = Math.floor(up / this.#cell) + 1
    this.#starts = new Uint32Array(this.#columns * this.#rows + 1)
    for (const i of placed) this.#starts[this.#cellOf(i) + 1]++
    for (let cell = 1; cell < this.#starts.length; cell++) this.#starts[cell] += this.#starts[cell - 1]
    this.#members = new Uint32Array(this.#starts[this.#starts.length - 1])
    const next = this.#starts.slice()
    for (const i of placed) this.#members[next[this.#cellOf(i)]++] = i
  }

  /** Index of the point nearest to a place and no farther than `radius` from it; -1: there is none. */
  nearest(x: number, y: number, radius: number): number {
    let best = -1
    let least = radius * radius
    const clamp = (value: number, most: number) => Math.min(Math.max(Math.floor(value), 0), most)
    const firstColumn = clamp((x - radius - this.#left) / this.#cell, this.#columns - 1)
    const lastColumn = clamp((x + radius - this.#left) / this.#cell, this.#columns - 1)
    const firstRow = clamp((y - radius - this.#bottom) / this.#cell, this.#rows - 1)
    const lastRow = clamp((y + radius - this.#bottom) / this.#cell, this.#rows - 1)
    for (let row = firstRow; row <= lastRow; row++) {
      const from = this.#starts[row * this.#columns + firstColumn]
      const to = this.#starts[row * this.#columns + lastColumn + 1]
      for (let at = from; at < to; at++) {
        const i = this.#members[at]
        const distance = (this.#coordinates[2 * i] - x) ** 2 + (this.#coordinates[2 * i + 1] - y) ** 2
        if (distance > least) continue
        least = distance
        best = i
      }
    }
    return best
  }

  #cellOf(i: number): number {
    const column = Math.min(Math.floor((this.#coordinates[2 * i] - this.#left) / this.#cell), this.#columns - 1)
    const row = Math.min(Math.floor((this.#coordinates[2 * i + 1] - this.#bottom) / this.#cell), this.#rows - 1)
    return row * this.#columns + column
  }
}

/** Indices of the points within a closed outline, by crossings of a ray. */
export function within(coordinates: Float32Array, outline: readonly Point[]): Uint32Array {
  if (outline.length < 3) return new Uint32Array(0)
  const [left, right] = [Math.min(...outline.map(({ x }) => x)), Math.max(...outline.map(({ x }) => x))]
  const [bottom, top] = [Math.min(...outline.map(({ y }) => y)), Math.max(...outline.map(({ y }) => y))]
  const found: number[] = []
  for (let i = 0; 2 * i < coordinates.length; i++) {
    const x = coordinates[2 * i]
    const y = coordinates[2 * i + 1]
    if (!(x >= left && x <= right && y >= bottom && y <= top)) continue
    let inside = false
    for (let a = 0, b = outline.length - 1; a < outline.length; b = a++) {
      const p = outline[a]
      const q = outline[b]
      if (p.y > y !== q.y > y && x < ((q.x - p.x) * (y - p.y)) / (q.y - p.y) + p.x) inside = !inside
    }
    if (inside) found.push(i)
  }
  return Uint32Array.from(found)
}

const isPlaced = (coordinates: Float32Array, i: number): boolean =>
  Number.isFinite(coordinates[2 * i]) && Number.isFinite(coordinates[2 * i + 1])
