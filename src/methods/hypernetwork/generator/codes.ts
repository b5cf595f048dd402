/** The extractor's output and the weight generators' inputs are the same numbers, laid out by network and by layer. */

/**
 * Splits the extractor's output by target layer.
 * @param joined [networks, sum of sizes]
 * @param sizes numbers that a network has for each layer
 * @returns one array a layer, [networks, size]
 */
export function splitCodes(joined: Float32Array, sizes: readonly number[], networks: number): Float32Array[] {
  const width = joined.length / networks
  let offset = 0
  return sizes.map((size) => {
    const part = new Float32Array(networks * size)
    for (let n = 0; n < networks; n++) part.set(joined.subarray(n * width + offset, n * width + offset + size), n * size)
    offset += size
    return part
  })
}

/** The inverse of {@link splitCodes}. */
export function joinCodes(parts: readonly Float32Array[], sizes: readonly number[], networks: number): Float32Array {
  const width = sizes.reduce((sum, size) => sum + size, 0)
  const joined = new Float32Array(networks * width)
  let offset = 0
  for (const [l, size] of sizes.entries()) {
    for (let n = 0; n < networks; n++) joined.set(parts[l].subarray(n * size, (n + 1) * size), n * width + offset)
    offset += size
  }
  return joined
}
