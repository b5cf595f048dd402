import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeAll, expect, it } from 'vitest'
import { loadModel } from '../../main/engine-host/load-model.ts'
import { loadTensorFlow } from '../../main/engine-host/load-tensorflow.ts'
import { relativeError, testNumbers } from '../target-network/testing.ts'
import { farmOptions, smallDocument } from '../training/testing/small-run.ts'
import { createFarm } from './create-farm.ts'
import { createDeviceFarm } from './device-farm.ts'
import { LocalWorker } from './local-worker.ts'

type Binding = Record<string, (...given: never[]) => unknown>
let backend: { binding: Binding }
let binding: Binding
beforeAll(async () => {
  await loadTensorFlow()
  backend = tf.backend() as unknown as { binding: Binding }
  binding = backend.binding
})
afterEach(() => void (backend.binding = binding))

/** Lets a device run `most` images of five networks at once. @returns how many were tried */
function smallDevice(most: number): number[] {
  const tried: number[] = []
  let images = 0
  const { createTensor, runSavedModel } = binding
  backend.binding = {
    ...Object.fromEntries(['deleteTensor', 'tensorDataSync', 'loadSavedModel', 'deleteSavedModel'].map((name) => [name, binding[name]])),
    createTensor(...given: never[]) {
      const [shape] = given as unknown as [number[]]
      if (shape.length === 4) images = shape[0]
      return createTensor(...given)
    },
    runSavedModel(...given: never[]) {
      tried.push(images)
      if (images > most) throw new Error('Session fail to run with error: OOM when allocating tensor with shape[...]')
      return runSavedModel(...given)
    },
  }
  return tried
}

it('gives what the farm of processors gives, however many networks it was asked of before', async () => {
  const options = { ...(await farmOptions(smallDocument)), loadModel }
  const [device, processors] = [createDeviceFarm(options), createFarm(new LocalWorker(options), [], options)]
  for (const n of [2, 1, 3, 2]) {
    const weights = testNumbers(n * options.layout.weightCount, n)
    expect(relativeError(await device.probabilities(weights, n, 7, 5), await processors.probabilities(weights, n, 7, 5))).toBeLessThan(1e-5)
    const [found, wanted] = [await device.lossAndGradient(n, weights, n), await processors.lossAndGradient(n, weights, n)]
    for (const part of ['loss', 'accuracy', 'gradient'] as const) expect(relativeError(found[part], wanted[part])).toBeLessThan(1e-5)
  }
})

it('halves the images of an evaluation until they fit, and keeps to that', async () => {
  const options = { ...(await farmOptions(smallDocument)), loadModel }
  const weights = testNumbers(5 * options.layout.weightCount, 3)
  const whole = createDeviceFarm(options)
  const expected = await whole.probabilities(weights, 5, 0, 100)
  const behind = await whole.probabilities(weights, 5, 30, 10)
  // A product's last bits may depend on its number of rows.
  const expectAlike = (found: Float32Array, wanted: Float32Array) => expect(relativeError(found, wanted)).toBeLessThan(1e-6)
  for (let i = 0; i < 5; i++) expectAlike(behind.subarray(30 * i, 30 * (i + 1)), expected.subarray(300 * i + 90, 300 * i + 120))
  const tried = smallDevice(30)
  const farm = createDeviceFarm(options)
  expectAlike(await farm.probabilities(weights, 5, 0, 100), expected)
  expect(await farm.probabilities(weights, 5, 0, 30)).toHaveLength(5 * 30 * 3)
  expect(tried).toEqual([100, 50, 25, 25, 25, 25, 25, 5])
})

it('says so where not even one image fits, and passes other errors on', async () => {
  const options = { ...(await farmOptions(smallDocument)), loadModel }
  const weights = testNumbers(5 * options.layout.weightCount, 3)
  smallDevice(0)
  await expect(createDeviceFarm(options).probabilities(weights, 5, 0, 3)).rejects.toMatchObject({
    code: 'memory',
    message: 'The device has no room for 5 networks on one image at once.',
  })
  backend.binding['runSavedModel'] = () => {
    throw new Error('another')
  }
  await expect(createDeviceFarm(options).probabilities(weights, 5, 0, 3)).rejects.toThrow('another')
})
