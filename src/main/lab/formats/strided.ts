/** Numbers of arrays in another order. */

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

/** What stands at the places of `shape`, row-major, where a step along each axis is so many numbers far. */
export function strided(values: Float32Array, shape: readonly number[], strides: readonly number[]): Float32Array {
  const result = new Float32Array(sizeOf(shape))
  const place = shape.map(() => 0)
  for (let to = 0, from = 0; to < result.length; to++) {
    result[to] = values[from]
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++place[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      place[axis] = 0
    }
  }
  return result
}

/** Of row-major numbers. */
export const stridesOf = (shape: readonly number[]): number[] => shape.map((_, axis) => sizeOf(shape.slice(axis + 1)))
