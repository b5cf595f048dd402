/** One network's weights as named arrays, a kernel and a bias a layer, in NPZ or safetensors. */
import type { NamedArray } from '../../../layers/exports.ts'
import type { LayerLayout, TargetLayout } from '../../../shared/target-layout.ts'
import { NpzWriter } from './npz.ts'
import { SafetensorsWriter } from './safetensors.ts'

/**
 * Cuts a flat weight vector into its arrays, by the number of the layer among those that have any: `layers.0.kernel` is
 * [kernel, kernel, in, filters] of a convolution and [in, units] of a dense layer; `layers.0.bias` is [filters].
 */
export function nameArrays({ weighted }: TargetLayout, weights: Float32Array): NamedArray[] {
  return weighted.flatMap((layer) => arraysOf(layer, weights))
}

/** Those of one layer. */
export function arraysOf({ arrays, index }: LayerLayout, weights: Float32Array): NamedArray[] {
  return arrays.map(({ name, shape, offset, size }) => ({
    name: `layers.${index}.${name}`,
    shape,
    values: weights.subarray(offset, offset + size),
  }))
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
