/** Maps: coordinates of sampled networks, and what to colour them by. */
import { LabError } from '../../../shared/errors.ts'
import { assertWritable } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { readResultFile, writeResultFile } from '../files/result-files.ts'
import { resultTable } from './result-table.ts'
import type { NamedArray } from '../files/safetensors.ts'
import type { MapRecord, MapStore } from '../types.ts'

export function mapStore(context: StoreContext): MapStore {
  const { add, list } = resultTable<MapRecord>(context, {
    table: 'map',
    name: 'Map',
    plain: ['checkpoint', 'seed', 'count', 'hash'],
    sealed: ['options', 'result'],
    files: ['path'],
  })
  return {
    async add(map, coordinates, values = {}) {
      assertWritable(context)
      const arrays: Record<string, NamedArray> = { coordinates: { shape: [coordinates.length / 2, 2], data: coordinates } }
      for (const [name, data] of Object.entries(values)) arrays[`value:${name}`] = { shape: [data.length], data }
      const file = await writeResultFile(context, map.run, 'maps', arrays, {
        format: 'weightscape-map-1',
        checkpoint: map.checkpoint,
        seed: String(map.seed),
        method: map.result.method,
      })
      return add({ ...map, ...file })
    },
    list,
    async read(map) {
      const what = `Map ${map.id} of run ${map.run}`
      const { arrays } = await readResultFile(map.path, map.hash, what)
      const coordinates = arrays['coordinates']?.data
      if (coordinates === undefined) throw new LabError('corrupt', `${what} has no coordinates.`, 'Make the map again.')
      const values: Record<string, Float32Array> = {}
      for (const [name, { data }] of Object.entries(arrays)) if (name.startsWith('value:')) values[name.slice('value:'.length)] = data
      return { coordinates, values }
    },
  }
}
