/** Eigenvalues and eigenvectors of a small symmetric matrix, by cyclic Jacobi rotations (Golub and Van Loan, section 8.5). */

export interface Eigen {
  /** Largest first, [size]. */
  values: Float64Array
  /** Column k belongs to value k, [size, size]. */
  vectors: Float64Array
}

const SWEEPS = 60

/** @param matrix [size, size], symmetric; left as it is */
export function symmetricEigen(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice()
  const v = new Float64Array(size * size)
  for (let i = 0; i < size; i++) v[i * size + i] = 1
  for (let sweep = 0; sweep < SWEEPS && !isDiagonal(a, size); sweep++) {
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) rotate(a, v, size, p, q)
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[j * size + j] - a[i * size + i])
  const vectors = new Float64Array(size * size)
  for (const [k, from] of order.entries()) for (let i = 0; i < size; i++) vectors[i * size + k] = v[i * size + from]
  return { values: Float64Array.from(order, (i) => a[i * size + i]), vectors }
}

function isDiagonal(a: Float64Array, size: number): boolean {
  let off = 0
  let on = 0
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++)
      if (i === j) on += a[i * size + j] ** 2
      else off += a[i * size + j] ** 2
  return off <= 1e-28 * on
}

/** Turns rows and columns p and q so that a[p, q] becomes 0. */
function rotate(a: Float64Array, v: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]
  if (apq === 0) return
  const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq)
  const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
  const c = 1 / Math.sqrt(t * t + 1)
  const s = t * c
  for (let k = 0; k < size; k++) {
    const akp = a[k * size + p]
    const akq = a[k * size + q]
    a[k * size + p] = c * akp - s * akq
    a[k * size + q] = s * akp + c * akq
  }
  for (let k = 0; k < size; k++) {
    const apk = a[p * size + k]
    const aqk = a[q * size + k]
    a[p * size + k] = c * apk - s * aqk
    a[q * size + k] = s * apk + c * aqk
    const vkp = v[k * size + p]
    const vkq = v[k * size + q]
    v[k * size + p] = c * vkp - s * vkq
    v[k * size + q] = s * vkp + c * vkq
  }
}
