/** Records the entropy of a batch (entropy.ts) and the way back from it. */
import { dataType, floatsAttribute, integerAttribute, typeAttribute, booleanAttribute } from '../native/attributes.ts'
import { float, number, shaped, split, sumOver } from '../native/batch-ops.ts'
import type { Handle, Native } from '../native/native.ts'
import { add, multiply, product, subtract } from '../native/ops.ts'
import { TINY } from './entropy.ts'

/** Differences of pairs held at once, numbers. */
const mostDifferences = 32 << 20

/**
 * @param vectors [n, length]
 * @returns distances to the nearest, [n, 1], and the gradient of the entropy times `factor`, [n, length]
 */
export function recordEntropy(native: Native, vectors: Handle, n: number, length: number, dimension: number, factor: number) {
  const each = Math.max(1, Math.floor(mostDifferences / n ** 2))
  const sizes = Array.from({ length: Math.ceil(length / each) }, (_, i) => Math.min(each, length - i * each))
  // Nobody is nearest to itself.
  const self = native.upload(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1e30 : 0)),
    [n, n],
  )
  const pairs = split(native, vectors, 1, sizes).reduce((sum, part, i) => {
    const difference = subtract(native, shaped(native, part, n, 1, sizes[i]), shaped(native, part, 1, n, sizes[i]))
    return add(native, sum, shaped(native, sumOver(native, native.run('Abs', [], difference), 2), n, n))
  }, self)
  const nearest = native.run('ArgMin', [typeAttribute('output_type', dataType.int32)], pairs, number(native, 1))
  const distances = native.run('Min', [booleanAttribute('keep_dims', true)], pairs, native.vector(1))
  const neighbours = native.run('GatherV2', [], vectors, nearest, number(native, 0))
  const slopes = native.run('RealDiv', [], float(native, (factor * dimension) / n), add(native, distances, float(native, TINY)))
  const signs = multiply(native, native.run('Sign', [], subtract(native, vectors, neighbours)), slopes)
  // To both ends of each pair: [n, n] with 1 for oneself and -1 for one's nearest, transposed.
  const one = native.upload(
    Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0)),
    [n, n],
  )
  const ends = native.run(
    'OneHot',
    [integerAttribute('axis', -1), floatsAttribute('T')],
    nearest,
    number(native, n),
    float(native, -1),
    float(native, 0),
  )
  return { distances, gradient: product(native, add(native, one, ends), signs, true) }
}
