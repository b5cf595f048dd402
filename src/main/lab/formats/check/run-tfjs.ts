/** Runs a TensorFlow.js model as another program would: by TensorFlow.js itself. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { io, Tensor } from '@tensorflow/tfjs-core'

interface ModelFile {
  modelTopology: object
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[]
}

/** @returns probabilities, flat [count, classes] */
export async function runTfjs(folder: string, pixels: Float32Array, shape: [number, number, number, number]): Promise<Float32Array> {
  const tf = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-backend-cpu')
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers')
  tf.enableProdMode() // else it recommends a faster backend on the terminal
  await tf.setBackend('cpu')
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelFile
  const [{ paths, weights }] = weightsManifest
  const weightData = Uint8Array.from(await readFile(join(folder, paths[0]))).buffer
  const model = await loadLayersModel(tf.io.fromMemory({ modelTopology, weightSpecs: weights, weightData }))
  const images = tf.tensor4d(pixels, shape)
  const output = model.predict(images) as Tensor
  try {
    return (await output.data()) as Float32Array
  } finally {
    tf.dispose([images, output])
    model.dispose()
  }
}

export async function tfjsVersion(): Promise<string> {
  return (await import('@tensorflow/tfjs-core')).version_core
}
