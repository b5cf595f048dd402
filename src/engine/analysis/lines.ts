/** Lines through vectors: points on them, and how long they are. */
import { euclidean } from '../diversity/distances.ts'

/** From one vector to another in equal steps, both included: [points, length]. */
export function straight(from: Float32Array, to: Float32Array, points: number): Float32Array {
  const line = new Float32Array(points * from.length)
  for (let point = 0; point < points; point++) {
    const share = point / (points - 1)
    for (let i = 0; i < from.length; i++) line[point * from.length + i] = (1 - share) * from[i] + share * to[i]
  }
  return line
}

/** L2 length of a line through points, in distances of its ends. */
export function lengthOf(vectors: Float32Array, points: number): number {
  const size = vectors.length / points
  const at = (point: number): Float32Array => vectors.subarray(point * size, (point + 1) * size)
  let length = 0
  for (let point = 1; point < points; point++) length += euclidean(at(point - 1), at(point))
  return length / euclidean(at(0), at(points - 1))
}
