/**
 * The repulsive part of t-SNE's gradient by Barnes and Hut's approximation (van der Maaten,
 * "Accelerating t-SNE using Tree-Based Algorithms", 2014, section 4.2), made for an optimizing
 * compiler: points lie in Morton order, a cell of the quadtree is a range of them, cells lie in
 * preorder in flat arrays, and one walk serves a group of neighbouring points, so that almost all time
 * goes into two short loops. Far cells are judged against the box of the whole group, which is stricter
 * than judging each point, and by the box of their points, which is tighter than the quadrant; they act
 * by their second moments too, not by their mass alone, so theta may be larger at the same error.
 */
import { QuadTree } from './quad-tree.ts'

/** Where a body is put that must not be felt; its square and fourth power are still finite. */
const FAR_AWAY = 1e60

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
    const { start, end, points } = this.#tree
    const { x, y, order } = points
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
    const { cells, start, end, skip, left, right, bottom, top, centreX, centreY, side2, leaf, points } = this.#tree
    const { x, y } = points
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
