/** The extractor's output and the weight generators' inputs are the same numbers, laid out by network and by layer. */

/**
 * Splits the extractor's output by target layer.
 * @param joined [networks, sum of counts * code]
 * @returns one array a layer, [networks * count, code]
 */
export function splitCodes(joined: Float32Array, counts: readonly number[], code: number, networks: number): Float32Array[] {
  const width = joined.length / networks
  let offset = 0
  return counts.map((count) => {
    const part = new Float32Array(networks * count * code)
    for (let n = 0; n < networks; n++) {
      part.set(joined.subarray(n * width + offset, n * width + offset + count * code), n * count * code)
    }
    offset += count * code
    return part
  })
}

/** The inverse of {@link splitCodes}. */
export function joinCodes(parts: readonly Float32Array[], counts: readonly number[], code: number, networks: number): Float32Array {
  const width = counts.reduce((sum, count) => sum + count, 0) * code
  const joined = new Float32Array(networks * width)
  let offset = 0
  for (const [l, count] of counts.entries()) {
    for (let n = 0; n < networks; n++) {
      joined.set(parts[l].subarray(n * count * code, (n + 1) * count * code), n * width + offset)
    }
    offset += count * code
  }
  return joined
}
