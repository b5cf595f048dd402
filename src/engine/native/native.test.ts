import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { native } from './native.ts'
import { addBias, bytesToFloats, product } from './ops.ts'

beforeAll(() => loadTensorFlow())

describe('Native', () => {
  it('runs ops on arrays and hands results back', () => {
    const kernels = native()
    const result = kernels.scope(() => {
      const a = kernels.upload(Float32Array.of(1, 2, 3, 4), [2, 2])
      const b = kernels.upload(Float32Array.of(5, 6), [2, 1])
      const c = addBias(kernels, product(kernels, a, b), kernels.upload(Float32Array.of(0.5), [1]))
      expect(c.shape).toEqual([2, 1])
      return [...kernels.download(c)]
    })
    expect(result).toEqual([17.5, 39.5])
  })

  it('takes bytes for numbers', () => {
    const kernels = native()
    const values = kernels.scope(() => [...kernels.download(bytesToFloats(kernels, kernels.upload(Uint8Array.of(0, 1, 255), [3])))])
    expect(values).toEqual([0, 1, 255])
  })

  it('frees what a scope leaves behind, also when it throws, and keeps what lies outside', () => {
    const kernels = native()
    const before = kernels.tensors
    const kept = kernels.upload(Float32Array.of(1), [1])
    expect(() =>
      kernels.scope(() => {
        const x = kernels.upload(Float32Array.of(1, 2), [2])
        kernels.scope(() => kernels.upload(Float32Array.of(1, 2, 3), [3]))
        expect(kernels.tensors).toBe(before + 2)
        kernels.free(kernels.upload(Float32Array.of(4), [1]))
        return product(kernels, x, kept) // vectors are no matrices
      }),
    ).toThrow()
    expect(kernels.tensors).toBe(before + 1)
    kernels.free(kept)
    expect(kernels.tensors).toBe(before)
  })

  it('makes a shape once', () => {
    const kernels = native()
    const shape = kernels.vector(12, 34, 56)
    const before = kernels.tensors
    expect(kernels.scope(() => kernels.vector(12, 34, 56))).toBe(shape)
    expect(kernels.tensors).toBe(before)
  })

  it('refuses to fetch what is not float32', () => {
    const kernels = native()
    expect(() => kernels.download(kernels.vector(1, 2))).toThrow(TypeError)
  })
})
