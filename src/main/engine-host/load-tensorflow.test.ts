import { createRequire } from 'node:module'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadTensorFlow, type LoadedTensorFlow } from './load-tensorflow.ts'

describe('loadTensorFlow', () => {
  let loaded: LoadedTensorFlow
  beforeAll(async () => {
    loaded = await loadTensorFlow()
  })

  it('makes ops imported from the core package run on the native backend', () => {
    expect(tf.getBackend()).toBe('tensorflow')
    const product = tf.tidy(() =>
      tf
        .matMul(
          tf.tensor2d([
            [1, 2],
            [3, 4],
          ]),
          tf.tensor2d([[5], [6]]),
        )
        .dataSync(),
    )
    expect([...product]).toEqual([17, 39])
  })

  it('shares one core package between import and require', () => {
    const required = createRequire(import.meta.url)('@tensorflow/tfjs-core') as typeof tf
    expect(required.Tensor).toBe(tf.Tensor)
    expect(required.engine()).toBe(tf.engine())
  })

  it('names versions, and loads once', async () => {
    expect(loaded.versions).toMatchObject({ node: process.versions.node, tfjs: tf.version_core })
    expect(loaded.versions['tensorflow']).toMatch(/^\d+\.\d+/)
    expect(await loadTensorFlow()).toBe(loaded)
  })
})
