/** Loads native TensorFlow and multiplies two matrices: whether what set-up built can be used. Run by Node 24. */
import * as tf from '@tensorflow/tfjs-core'
import { loadTensorFlow } from '../../src/main/engine-host/load-tensorflow.ts'

const { versions } = await loadTensorFlow()
const product = tf.matMul(
  tf.tensor2d([
    [1, 2],
    [3, 4],
  ]),
  tf.tensor2d([
    [5, 6],
    [7, 8],
  ]),
)
const found = [...(await product.data())].join(' ')
if (found !== '19 22 43 50') throw new Error(`a product of two matrices came out as ${found}`)
const { isUsingGpuDevice: gpu } = /** @type {{ isUsingGpuDevice?: boolean }} */ (/** @type {unknown} */ (tf.backend()))
process.stdout.write(JSON.stringify({ tensorflow: versions['tensorflow'], gpu }))
