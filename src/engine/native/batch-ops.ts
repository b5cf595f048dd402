/** The kernels that many networks at once take beside those of one (ops.ts): the first axis is that of the networks. */
import { booleanAttribute, integerAttribute, stringAttribute } from './attributes.ts'
import type { Handle, Native } from './native.ts'
import { meanOver, reshape } from './ops.ts'

/** Matrix products, one a network: [n, a, b] times [n, b, c]; an n of 1 goes with any. Either side transposed if asked. */
export function products(native: Native, a: Handle, b: Handle, transposeA = false, transposeB = false): Handle {
  return native.run('BatchMatMulV2', [booleanAttribute('adj_x', transposeA), booleanAttribute('adj_y', transposeB)], a, b)
}

/** The same numbers in another shape; one side may be -1. */
export const shaped = (native: Native, x: Handle, ...shape: number[]): Handle => reshape(native, x, native.vector(...shape))

export const transposed = (native: Native, x: Handle, ...axes: number[]): Handle => native.run('Transpose', [], x, native.vector(...axes))

/** Sum over an axis, which stays with length 1. */
export const sumOver = (native: Native, x: Handle, axis: number): Handle =>
  native.run('Sum', [booleanAttribute('keep_dims', true)], x, native.vector(axis))

/** Mean over an axis, which stays with length 1. */
export const meanAlong = (native: Native, x: Handle, axis: number): Handle => meanOver(native, x, native.vector(axis))

export const joined = (native: Native, axis: number, ...parts: readonly Handle[]): Handle =>
  parts.length === 1 ? parts[0] : native.run('ConcatV2', [], ...parts, number(native, axis))

/** Parts along an axis. @param sizes of each */
export const split = (native: Native, x: Handle, axis: number, sizes: readonly number[]): Handle[] =>
  sizes.length === 1 ? [x] : native.runMany('SplitV', [], [x, native.vector(...sizes), number(native, axis)], sizes.length)

export const padded = (native: Native, x: Handle, sides: readonly (readonly [before: number, after: number])[]): Handle =>
  native.run('Pad', [], x, reshape(native, native.vector(...sides.flat()), native.vector(sides.length, 2)))

/** An int32 scalar. */
export const number = (native: Native, value: number): Handle => native.upload(Int32Array.of(value), [])

/** A float32 scalar. */
export const float = (native: Native, value: number): Handle => native.upload(Float32Array.of(value), [])

/** Windows of images [images, height, width, channels] laid out, [images, rows, columns, size * size * channels]. */
export const patches = (native: Native, x: Handle, size: number, stride: number, padding: 'same' | 'valid'): Handle =>
  native.run(
    'ExtractImagePatches',
    [
      integerAttribute('ksizes', [1, size, size, 1]),
      integerAttribute('strides', [1, stride, stride, 1]),
      integerAttribute('rates', [1, 1, 1, 1]),
      stringAttribute('padding', padding.toUpperCase()),
    ],
    x,
  )
