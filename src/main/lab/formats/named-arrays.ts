/** One network's weights as named arrays, a kernel and a bias a layer, in NPZ or safetensors. */
import type { Target } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { NpzWriter } from './npz.ts'
import { SafetensorsWriter } from './safetensors.ts'

export interface NamedArray {
  name: string
  shape: number[]
  values: Float32Array
}

/**
 * Cuts a flat weight vector into its arrays: `layers.0.kernel` is [kernel, kernel, in, filters] of a
 * convolution and [in, units] of a dense layer; `layers.0.bias` is [filters].
 */
export function nameArrays(target: Target, weights: Float32Array): NamedArray[] {
  return layOut(target).layers.flatMap(({ layer, input, fanIn, filters, kernelOffset, biasOffset }, i) => [
    {
      name: `layers.${i}.kernel`,
      shape: layer.kind === 'convolution' ? [layer.kernel, layer.kernel, input[2], filters] : [fanIn, filters],
      values: weights.subarray(kernelOffset, biasOffset),
    },
    { name: `layers.${i}.bias`, shape: [filters], values: weights.subarray(biasOffset, biasOffset + filters) },
  ])
}

/** @param metadata texts by name: where the weights come from @throws LabError `disk` */
export async function writeArrays(
  path: string,
  format: 'npz' | 'safetensors',
  arrays: readonly NamedArray[],
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  if (format === 'npz') {
    const npz = await NpzWriter.begin(path)
    for (const { name, shape, values } of arrays) npz.array(name, '<f4', shape, bytesOf(values))
    for (const [name, text] of Object.entries(metadata)) npz.text(name, text)
    await npz.finish()
    return
  }
  const entries = arrays.map(({ name, shape }) => ({ name, type: 'F32' as const, shape }))
  const file = await SafetensorsWriter.begin(path, entries, metadata)
  for (const { name, values } of arrays) await file.write(name, 0, bytesOf(values))
  await file.finish()
}

export function bytesOf(values: Float32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
