/**
 * A quadtree over points in Morton order: a cell is a range of them, cells lie in preorder in flat arrays, and each
 * knows the box of its points, their mass and their moments. Points that lie together are told in groups.
 */
import { BITS, MortonOrder } from './morton-order.ts'

/** Largest leaf of the tree, points. */
const LEAF = 4
/** Largest group, points. */
const GROUP = 16

export class QuadTree {
  readonly #n: number
  readonly points: MortonOrder
  cells = 0
  /** Points start ... end - 1 lie in the cell. */
  readonly start: Uint32Array
  readonly end: Uint32Array
  /** The cell after this one and all that it holds. */
  readonly skip: Uint32Array
  readonly leaf: Uint8Array
  /** Box of the points, its longer side squared, and their centre of mass. */
  readonly left: Float64Array
  readonly right: Float64Array
  readonly bottom: Float64Array
  readonly top: Float64Array
  readonly side2: Float64Array
  readonly centreX: Float64Array
  readonly centreY: Float64Array
  /** Points in the cell, and sums of products of their offsets from the centre. */
  readonly mass: Float64Array
  readonly momentXX: Float64Array
  readonly momentXY: Float64Array
  readonly momentYY: Float64Array
  groups = 0
  readonly groupCell: Uint32Array

  constructor(n: number) {
    this.#n = n
    // Every inner cell splits its points in two or more, so there are fewer inner cells than leaves.
    const most = 2 * n + 1
    this.points = new MortonOrder(n)
    this.start = new Uint32Array(most)
    this.end = new Uint32Array(most)
    this.skip = new Uint32Array(most)
    this.leaf = new Uint8Array(most)
    this.left = new Float64Array(most)
    this.right = new Float64Array(most)
    this.bottom = new Float64Array(most)
    this.top = new Float64Array(most)
    this.side2 = new Float64Array(most)
    this.centreX = new Float64Array(most)
    this.centreY = new Float64Array(most)
    this.mass = new Float64Array(most)
    this.momentXX = new Float64Array(most)
    this.momentXY = new Float64Array(most)
    this.momentYY = new Float64Array(most)
    this.groupCell = new Uint32Array(n)
  }

  /** Orders the points, [n] each, and builds the tree over them. */
  build(x: Float64Array, y: Float64Array): void {
    this.points.sort(x, y)
    this.cells = 0
    this.groups = 0
    this.#cell(0, this.#n, 2 * BITS - 2, false)
  }

  /** Adds the cell of points start ... end - 1, whose codes agree above `shift + 1`, and all that it holds. */
  #cell(start: number, end: number, shift: number, grouped: boolean): void {
    const { codes } = this.points
    const cell = this.cells++
    this.start[cell] = start
    this.end[cell] = end
    const group = !grouped && end - start <= GROUP
    if (group) this.groupCell[this.groups++] = cell
    // Quadrants that hold all points of the one around them are left out.
    while (shift >= 0 && codes[start] >>> shift === codes[end - 1] >>> shift) shift -= 2
    if (end - start <= LEAF || shift < 0) {
      if (!grouped && !group) this.groupCell[this.groups++] = cell
      this.leaf[cell] = 1
      this.#measureLeaf(cell, start, end)
      this.skip[cell] = this.cells
      return
    }
    this.leaf[cell] = 0
    for (let from = start; from < end;) {
      const quadrant = codes[from] >>> shift
      let to = from + 1
      while (to < end && codes[to] >>> shift === quadrant) to++
      this.#cell(from, to, shift - 2, grouped || group)
      from = to
    }
    this.skip[cell] = this.cells
    this.#measureInner(cell)
  }

  #measureLeaf(cell: number, start: number, end: number): void {
    const points = this.points
    let left = Infinity
    let right = -Infinity
    let bottom = Infinity
    let top = -Infinity
    let sumX = 0
    let sumY = 0
    for (let i = start; i < end; i++) {
      const x = points.x[i]
      const y = points.y[i]
      if (x < left) left = x
      if (x > right) right = x
      if (y < bottom) bottom = y
      if (y > top) top = y
      sumX += x
      sumY += y
    }
    const centreX = sumX / (end - start)
    const centreY = sumY / (end - start)
    let xx = 0
    let xy = 0
    let yy = 0
    for (let i = start; i < end; i++) {
      const dx = points.x[i] - centreX
      const dy = points.y[i] - centreY
      xx += dx * dx
      xy += dx * dy
      yy += dy * dy
    }
    this.#box(cell, left, right, bottom, top)
    this.#body(cell, end - start, centreX, centreY, xx, xy, yy)
  }

  /** Box, mass and moments from those of the cells directly within. */
  #measureInner(cell: number): void {
    const { skip, mass, left, right, bottom, top, centreX, centreY } = this
    const after = skip[cell]
    let l = Infinity
    let r = -Infinity
    let b = Infinity
    let t = -Infinity
    let m = 0
    let sumX = 0
    let sumY = 0
    for (let child = cell + 1; child < after; child = skip[child]) {
      if (left[child] < l) l = left[child]
      if (right[child] > r) r = right[child]
      if (bottom[child] < b) b = bottom[child]
      if (top[child] > t) t = top[child]
      m += mass[child]
      sumX += mass[child] * centreX[child]
      sumY += mass[child] * centreY[child]
    }
    const cx = sumX / m
    const cy = sumY / m
    let xx = 0
    let xy = 0
    let yy = 0
    for (let child = cell + 1; child < after; child = skip[child]) {
      const dx = centreX[child] - cx
      const dy = centreY[child] - cy
      xx += this.momentXX[child] + mass[child] * dx * dx
      xy += this.momentXY[child] + mass[child] * dx * dy
      yy += this.momentYY[child] + mass[child] * dy * dy
    }
    this.#box(cell, l, r, b, t)
    this.#body(cell, m, cx, cy, xx, xy, yy)
  }

  #box(cell: number, left: number, right: number, bottom: number, top: number): void {
    const side = Math.max(right - left, top - bottom)
    this.left[cell] = left
    this.right[cell] = right
    this.bottom[cell] = bottom
    this.top[cell] = top
    this.side2[cell] = side * side
  }

  #body(cell: number, mass: number, centreX: number, centreY: number, xx: number, xy: number, yy: number): void {
    this.mass[cell] = mass
    this.centreX[cell] = centreX
    this.centreY[cell] = centreY
    this.momentXX[cell] = xx
    this.momentXY[cell] = xy
    this.momentYY[cell] = yy
  }
}
