/** Runs a TensorFlow.js model as another program would: by TensorFlow.js itself. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { io, Tensor } from '@tensorflow/tfjs-core'

interface ModelFile {
  modelTopology: object
  signature?: object
  weightsManifest: { paths: string[]; weights: io.WeightsManifestEntry[] }[]
}

/** @returns probabilities, flat [count, classes] */
export async function runTfjs(folder: string, pixels: Float32Array, shape: [number, number, number, number]): Promise<Float32Array> {
  const { tf, artifacts } = await opened(folder)
  const { loadLayersModel } = await import('@tensorflow/tfjs-layers')
  const model = await loadLayersModel(tf.io.fromMemory(artifacts))
  const images = tf.tensor4d(pixels, shape)
  const output = model.predict(images) as Tensor
  try {
    return (await output.data()) as Float32Array
  } finally {
    tf.dispose([images, output])
    model.dispose()
  }
}

/** @param z [count, latent] @returns the arrays of `count` networks, by the names of the model's outputs */
export async function runTfjsGenerator(folder: string, z: Float32Array, count: number): Promise<Record<string, { values: Float32Array }>> {
  const { tf, artifacts } = await opened(folder)
  const { loadGraphModel } = await import('@tensorflow/tfjs-converter')
  const model = await loadGraphModel(tf.io.fromMemory(artifacts))
  const latent = tf.tensor2d(z, [count, z.length / count])
  const names = model.outputs.map(({ name }) => name)
  const outputs = [model.execute({ z: latent }, names)].flat()
  try {
    const values = await Promise.all(outputs.map((output) => output.data<'float32'>()))
    return Object.fromEntries(names.map((name, i) => [name, { values: values[i] }]))
  } finally {
    tf.dispose([latent, outputs])
    model.dispose()
  }
}

async function opened(folder: string) {
  const tf = await import('@tensorflow/tfjs-core')
  await import('@tensorflow/tfjs-backend-cpu')
  tf.enableProdMode() // else it recommends a faster backend on the terminal
  await tf.setBackend('cpu')
  const { weightsManifest, ...model } = JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as ModelFile
  const [{ paths, weights }] = weightsManifest
  const weightData = Uint8Array.from(await readFile(join(folder, paths[0]))).buffer
  return { tf, artifacts: { ...model, weightSpecs: weights, weightData } }
}

export async function tfjsVersion(): Promise<string> {
  return (await import('@tensorflow/tfjs-core')).version_core
}
