/**
 * The repulsive part of t-SNE's gradient by Barnes and Hut's approximation (van der Maaten,
 * "Accelerating t-SNE using Tree-Based Algorithms", 2014, section 4.2), made for an optimizing
 * compiler: points lie in Morton order, a cell of the quadtree is a range of them, cells lie in
 * preorder in flat arrays, and one walk serves a group of neighbouring points, so that almost all time
 * goes into two short loops. Far cells are judged against the box of the whole group, which is stricter
 * than judging each point, and by the box of their points, which is tighter than the quadrant; they act
 * by their second moments too, not by their mass alone, so theta may be larger at the same error.
 */

/** Largest leaf of the tree, points. */
const LEAF = 4
/** Largest group that shares a walk, points. */
const GROUP = 16
/** Where a body is put that must not be felt; its square and fourth power are still finite. */
const FAR_AWAY = 1e60
/** Bits of a coordinate in a Morton code. */
const BITS = 16

export class Repulsion {
  readonly #n: number
  readonly #theta2: number
  readonly #tree: QuadTree
  // What a group interacts with: near points, and far cells.
  readonly #bodyX: Float64Array
  readonly #bodyY: Float64Array
  readonly #far: Uint32Array
  #bodyCount = 0
  #farCount = 0
  // The force under summation.
  #fx = 0
  #fy = 0

  /**
   * @param n points
   * @param theta a cell is taken as a whole where its side is below theta times its distance; at 0.9 forces
   * are off by 1-3 %, as they are without second moments at 0.4-0.5, and Z by 0.1-0.2 %
   */
  constructor(n: number, theta: number) {
    this.#n = n
    this.#theta2 = theta * theta
    this.#tree = new QuadTree(n)
    this.#bodyX = new Float64Array(n + 1)
    this.#bodyY = new Float64Array(n + 1)
    this.#far = new Uint32Array(2 * n + 1)
  }

  /**
   * Repulsion at each point, before division by the normalization Z:
   * sum over j of (y_i - y_j) / (1 + ||y_i - y_j||^2)^2.
   * @param x first coordinates, [n]
   * @param y second coordinates, [n]
   * @param forceX receives the first component, [n]
   * @param forceY receives the second component, [n]
   * @returns Z, the sum over pairs i != j (both orders) of 1 / (1 + ||y_i - y_j||^2)
   */
  compute(x: Float64Array, y: Float64Array, forceX: Float64Array, forceY: Float64Array): number {
    const tree = this.#tree
    tree.build(x, y)
    let z = 0
    for (let group = 0; group < tree.groups; group++) {
      z += this.#act(tree.groupCell[group], forceX, forceY)
    }
    // Each point met itself once, at distance 0.
    return z - this.#n
  }

  /** Gathers what the group of a cell interacts with, and lets it act on each of its points. */
  #act(group: number, forceX: Float64Array, forceY: Float64Array): number {
    const { start, end, x, y, order } = this.#tree
    this.#gather(group)
    let z = 0
    for (let i = start[group]; i < end[group]; i++) {
      this.#fx = 0
      this.#fy = 0
      z += this.#bodies(x[i], y[i]) + this.#cells(x[i], y[i])
      forceX[order[i]] = this.#fx
      forceY[order[i]] = this.#fy
    }
    return z
  }

  /** Adds the force of single points on a place to #fx and #fy; returns their share of Z. */
  #bodies(xi: number, yi: number): number {
    const bodyX = this.#bodyX
    const bodyY = this.#bodyY
    const length = this.#bodyCount
    let fx = 0
    let fy = 0
    let z = 0
    for (let k = 0; k < length; k += 2) {
      const dx0 = xi - bodyX[k]
      const dy0 = yi - bodyY[k]
      const dx1 = xi - bodyX[k + 1]
      const dy1 = yi - bodyY[k + 1]
      const a = 1 + dx0 * dx0 + dy0 * dy0
      const b = 1 + dx1 * dx1 + dy1 * dy1
      // Two quotients for one division, the slowest operation here.
      const both = 1 / (a * b)
      const q0 = both * b
      const q1 = both * a
      z += q0 + q1
      fx += q0 * q0 * dx0 + q1 * q1 * dx1
      fy += q0 * q0 * dy0 + q1 * q1 * dy1
    }
    this.#fx += fx
    this.#fy += fy
    return z
  }

  /**
   * As {@link bodies} for far cells, expanded to second order about their centre of mass: with mass m,
   * second moments M, offset d, q = 1 / (1 + d^2), T = trace M and Q = d M d,
   * Z is m q - q^2 T + 4 q^3 Q, and the force -1/2 its gradient:
   * m q^2 d - 2 q^3 T d + 12 q^4 Q d - 4 q^3 M d.
   */
  #cells(xi: number, yi: number): number {
    const far = this.#far
    const tree = this.#tree
    const { centreX, centreY, mass, momentXX, momentXY, momentYY } = tree
    const length = this.#farCount
    let fx = 0
    let fy = 0
    let z = 0
    for (let k = 0; k < length; k++) {
      const cell = far[k]
      const dx = xi - centreX[cell]
      const dy = yi - centreY[cell]
      const m = mass[cell]
      const xx = momentXX[cell]
      const xy = momentXY[cell]
      const yy = momentYY[cell]
      const q = 1 / (1 + dx * dx + dy * dy)
      const q2 = q * q
      const q3 = 4 * q2 * q
      const mx = xx * dx + xy * dy
      const my = xy * dx + yy * dy
      const quadratic = mx * dx + my * dy
      const trace = xx + yy
      z += m * q - q2 * trace + q3 * quadratic
      const radial = m * q2 - q3 * (0.5 * trace - 3 * q * quadratic)
      fx += radial * dx - q3 * mx
      fy += radial * dy - q3 * my
    }
    this.#fx += fx
    this.#fy += fy
    return z
  }

  /** Lists what a group interacts with: far cells, and near points, made even in number by one that is infinitely far. */
  #gather(group: number): void {
    const { cells, start, end, skip, left, right, bottom, top, centreX, centreY, side2, leaf, x, y } = this.#tree
    const bodyX = this.#bodyX
    const bodyY = this.#bodyY
    const far = this.#far
    const theta2 = this.#theta2
    const groupLeft = left[group]
    const groupRight = right[group]
    const groupBottom = bottom[group]
    const groupTop = top[group]
    let bodies = 0
    let fars = 0
    let cell = 0
    while (cell < cells) {
      const cx = centreX[cell]
      const cy = centreY[cell]
      const dx = cx < groupLeft ? groupLeft - cx : cx > groupRight ? cx - groupRight : 0
      const dy = cy < groupBottom ? groupBottom - cy : cy > groupTop ? cy - groupTop : 0
      if (side2[cell] < theta2 * (dx * dx + dy * dy)) {
        far[fars++] = cell
        cell = skip[cell]
      } else if (leaf[cell] === 1) {
        for (let i = start[cell]; i < end[cell]; i++) {
          bodyX[bodies] = x[i]
          bodyY[bodies++] = y[i]
        }
        cell = skip[cell]
      } else {
        cell++
      }
    }
    if (bodies % 2 === 1) {
      bodyX[bodies] = FAR_AWAY
      bodyY[bodies++] = FAR_AWAY
    }
    this.#bodyCount = bodies
    this.#farCount = fars
  }
}

/** A quadtree over points in Morton order; cells in preorder. */
class QuadTree {
  readonly #n: number
  /** Coordinates in Morton order, and the index each point had before. */
  readonly x: Float64Array
  readonly y: Float64Array
  order: Uint32Array
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
  #codes: Uint32Array
  #codesOther: Uint32Array
  #orderOther: Uint32Array
  readonly #histogram = new Uint32Array(3 * 2048)

  constructor(n: number) {
    this.#n = n
    // Every inner cell splits its points in two or more, so there are fewer inner cells than leaves.
    const most = 2 * n + 1
    this.x = new Float64Array(n)
    this.y = new Float64Array(n)
    this.order = new Uint32Array(n)
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
    this.#codes = new Uint32Array(n)
    this.#codesOther = new Uint32Array(n)
    this.#orderOther = new Uint32Array(n)
  }

  build(x: Float64Array, y: Float64Array): void {
    this.#sort(x, y)
    this.cells = 0
    this.groups = 0
    this.#cell(0, this.#n, 2 * BITS - 2, false)
  }

  /** Brings the points into Morton order: radix sort of their codes, 11 bits a pass. */
  #sort(x: Float64Array, y: Float64Array): void {
    const n = this.#n
    let left = Infinity
    let right = -Infinity
    let bottom = Infinity
    let top = -Infinity
    for (let i = 0; i < n; i++) {
      if (x[i] < left) left = x[i]
      if (x[i] > right) right = x[i]
      if (y[i] < bottom) bottom = y[i]
      if (y[i] > top) top = y[i]
    }
    const scale = (2 ** BITS - 1) / Math.max(right - left, top - bottom, Number.MIN_VALUE * 2 ** BITS)
    const histogram = this.#histogram.fill(0)
    for (let i = 0; i < n; i++) {
      const code = ((spread((x[i] - left) * scale) << 1) | spread((y[i] - bottom) * scale)) >>> 0
      this.#codes[i] = code
      this.order[i] = i
      histogram[code & 2047]++
      histogram[2048 + ((code >>> 11) & 2047)]++
      histogram[4096 + (code >>> 22)]++
    }
    for (let pass = 0; pass < 3; pass++) {
      const base = 2048 * pass
      for (let digit = 0, before = 0; digit < 2048; digit++) {
        const count = histogram[base + digit]
        histogram[base + digit] = before
        before += count
      }
      const codes = this.#codes
      const codesOther = this.#codesOther
      const order = this.order
      const orderOther = this.#orderOther
      for (let i = 0; i < n; i++) {
        const to = histogram[base + ((codes[i] >>> (11 * pass)) & 2047)]++
        codesOther[to] = codes[i]
        orderOther[to] = order[i]
      }
      this.#codes = codesOther
      this.#codesOther = codes
      this.order = orderOther
      this.#orderOther = order
    }
    for (let i = 0; i < n; i++) {
      this.x[i] = x[this.order[i]]
      this.y[i] = y[this.order[i]]
    }
  }

  /** Adds the cell of points start ... end - 1, whose codes agree above `shift + 1`, and all that it holds. */
  #cell(start: number, end: number, shift: number, grouped: boolean): void {
    const codes = this.#codes
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
    let left = Infinity
    let right = -Infinity
    let bottom = Infinity
    let top = -Infinity
    let sumX = 0
    let sumY = 0
    for (let i = start; i < end; i++) {
      const x = this.x[i]
      const y = this.y[i]
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
      const dx = this.x[i] - centreX
      const dy = this.y[i] - centreY
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

/** Puts a zero between the lower 16 bits of a number. */
function spread(value: number): number {
  let bits = value & 0xffff
  bits = (bits | (bits << 8)) & 0x00ff00ff
  bits = (bits | (bits << 4)) & 0x0f0f0f0f
  bits = (bits | (bits << 2)) & 0x33333333
  return (bits | (bits << 1)) & 0x55555555
}
