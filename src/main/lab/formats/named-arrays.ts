/** One network's weights as named arrays, a kernel and a bias a layer, in NPZ or safetensors. */
import type { NamedArray } from '../../../layers/exports.ts'
import { eachLayer, type LayerLayout, type PlacedArray, type TargetLayout } from '../../../shared/target-layout.ts'
import { NpzWriter } from './npz.ts'
import { SafetensorsWriter } from './safetensors.ts'

/**
 * Cuts a complete network into its arrays, by the number of the layer among those that have any: `layers.0.kernel` is
 * [kernel, kernel, in, filters] of a convolution and [in, units] of a dense layer; `layers.0.bias` is [filters]. Of what normalises over the
 * batch `statistics.0.mean` and `statistics.0.variance` are [channels], which the network's answers go by.
 */
export function nameArrays({ layers, weighted }: TargetLayout, network: Float32Array): NamedArray[] {
  const normal = [...eachLayer(layers)].filter(({ statistics }) => statistics.length > 0)
  return [...weighted.flatMap((layer) => weightsOf(layer, network)), ...normal.flatMap((layer) => statisticsOf(layer, network))]
}

/** Those of one layer: its weights, and behind them the statistics that it answers with. */
export const arraysOf = (layer: LayerLayout, network: Float32Array): NamedArray[] => [
  ...weightsOf(layer, network),
  ...statisticsOf(layer, network),
]

const weightsOf = ({ arrays, index }: LayerLayout, network: Float32Array): NamedArray[] => named(`layers.${index}`, arrays, network)

const statisticsOf = ({ statistics, statisticsIndex }: LayerLayout, network: Float32Array): NamedArray[] =>
  named(`statistics.${statisticsIndex}`, statistics, network)

const named = (prefix: string, arrays: readonly PlacedArray[], network: Float32Array): NamedArray[] =>
  arrays.map(({ name, shape, offset, size }) => ({ name: `${prefix}.${name}`, shape, values: network.subarray(offset, offset + size) }))

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

export function bytesOf(values: Float32Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
