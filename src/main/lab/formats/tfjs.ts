/**
 * A network as a TensorFlow.js layers model: `model.json` (Keras topology and a weights manifest) and
 * `weights.bin` beside it. Input: images [n, height, width, channels] with values in [0, 1]; output:
 * probabilities [n, classes].
 */
import { join } from 'node:path'
import type { TargetLayout } from '../../../shared/target-layout.ts'
import { makeOutputFolder, writeTogether } from '../../store/files/output.ts'
import { kerasModel } from './keras-model.ts'
import { bytesOf, nameArrays } from './named-arrays.ts'

/** @param folder made if absent @throws LabError `disk` */
export async function writeTfjs(
  folder: string,
  layout: TargetLayout,
  weights: Float32Array,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeModelFolder(folder, bytesOf(weights), modelJson(layout, weights, metadata))
}

/** `model.json` and the bytes that it names. @param folder made if absent @throws LabError `disk` */
export async function writeModelFolder(folder: string, weights: Uint8Array, model: object): Promise<void> {
  makeOutputFolder(folder)
  const files = [
    // The weights first: a model.json that is there has its weights.
    { path: join(folder, 'weights.bin'), bytes: weights },
    { path: join(folder, 'model.json'), bytes: Buffer.from(`${JSON.stringify(model, null, 1)}\n`) },
  ]
  await writeTogether(files, 'write the TensorFlow.js model')
}

/** As Keras calls the statistics of a batch normalisation. */
const inKeras: Readonly<Record<string, string>> = { mean: 'moving_mean', variance: 'moving_variance' }

function modelJson(layout: TargetLayout, weights: Float32Array, metadata: Readonly<Record<string, string>>): object {
  const entries = nameArrays(layout, weights).map(({ name, shape }) => {
    const [group, index, part] = name.split('.')
    return { name: group === 'layers' ? `layer_${index}/${part}` : `${group}_${index}/${inKeras[part]}`, shape, dtype: 'float32' }
  })
  const { class_name: className, config } = kerasModel(layout)
  return {
    format: 'layers-model',
    generatedBy: 'Weightscape',
    convertedBy: null,
    userDefinedMetadata: metadata,
    modelTopology: { class_name: className, keras_version: 'tfjs-layers 4.22.0', backend: 'tensor_flow.js', config },
    weightsManifest: [{ paths: ['weights.bin'], weights: entries }],
  }
}
