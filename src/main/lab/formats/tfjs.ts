/**
 * A network as a TensorFlow.js layers model: `model.json` (Keras topology and a weights manifest) and
 * `weights.bin` beside it. Input: images [n, height, width, channels] with values in [0, 1]; output:
 * probabilities [n, classes].
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Layer, Target } from '../../../shared/experiment.ts'
import { writeWhole } from '../../store/files/files.ts'
import { fileFailure } from '../../store/failures.ts'
import { bytesOf, nameArrays } from './named-arrays.ts'

interface KerasLayer {
  class_name: string
  config: Record<string, unknown>
}

/** @param folder made if absent @throws LabError `disk` */
export async function writeTfjs(
  folder: string,
  target: Target,
  weights: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw fileFailure(error, 'make the folder of the model', folder)
  }
  const doing = 'write the TensorFlow.js model'
  // The weights first: a model.json that is there has its weights.
  await writeWhole(join(folder, 'weights.bin'), bytesOf(weights), doing)
  await writeWhole(join(folder, 'model.json'), Buffer.from(`${JSON.stringify(modelJson(target, weights, metadata), null, 1)}\n`), doing)
}

/** The flat layout is the order in which Keras lists weights: each layer's kernel, then its bias. */
function modelJson(target: Target, weights: Float32Array, metadata: Readonly<Record<string, string>>): object {
  const entries = nameArrays(target, weights).map(({ name, shape }) => {
    const [, layer, part] = name.split('.')
    return { name: `layer_${layer}/${part}`, shape, dtype: 'float32' }
  })
  return {
    format: 'layers-model',
    generatedBy: 'Weightscape',
    convertedBy: null,
    userDefinedMetadata: metadata,
    modelTopology: {
      class_name: 'Sequential',
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
      config: { name: 'network', layers: kerasLayers(target) },
    },
    weightsManifest: [{ paths: ['weights.bin'], weights: entries }],
  }
}

function kerasLayers({ input, layers }: Target): KerasLayer[] {
  const result: KerasLayer[] = []
  let flat = false
  for (const [i, layer] of layers.entries()) {
    if (layer.kind === 'dense' && !flat) {
      result.push({ class_name: 'Flatten', config: { name: 'flatten', trainable: false } })
      flat = true
    }
    const last = i === layers.length - 1
    result.push(...(layer.kind === 'convolution' ? convolution(layer, i) : [dense(layer, i, last)]))
  }
  result[0].config.batch_input_shape = [null, input.height, input.width, input.channels]
  return result
}

function convolution(layer: Extract<Layer, { kind: 'convolution' }>, i: number): KerasLayer[] {
  const { kernel, filters, activation, pool } = layer
  const same = { padding: 'same', data_format: 'channels_last', trainable: true }
  const conv: KerasLayer = {
    class_name: 'Conv2D',
    config: {
      name: `layer_${i}`,
      ...same,
      filters,
      kernel_size: [kernel, kernel],
      strides: [1, 1],
      dilation_rate: [1, 1],
      activation: activation === 'relu' ? 'relu' : 'linear',
      use_bias: true,
    },
  }
  if (pool === 1) return [conv]
  return [conv, { class_name: 'MaxPooling2D', config: { name: `pool_${i}`, ...same, pool_size: [pool, pool], strides: [pool, pool] } }]
}

function dense(layer: Extract<Layer, { kind: 'dense' }>, i: number, last: boolean): KerasLayer {
  const activation = last ? 'softmax' : layer.activation === 'relu' ? 'relu' : 'linear'
  return { class_name: 'Dense', config: { name: `layer_${i}`, units: layer.units, activation, use_bias: true, trainable: true } }
}
