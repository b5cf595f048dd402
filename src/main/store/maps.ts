/** Maps: coordinates of sampled networks, and what to colour them by. */
import type { MapResult } from '../../shared/results.ts'
import { LabError } from '../../shared/errors.ts'
import { assertWritable, fromStored, runKeys, toStored } from './context.ts'
import type { StoreContext } from './context.ts'
import { readResultFile, writeResultFile } from './result-files.ts'
import type { NamedArray } from './safetensors.ts'
import { seal, unseal } from './seal.ts'
import type { MapRecord, MapStore } from './types.ts'

interface Row {
  key: number
  run: string
  checkpoint: string
  seed: number
  count: number
  options: string
  result: string
  hash: string
  path: string
  created_at: number
}

export function mapStore(context: StoreContext): MapStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const insert = db.command(
    'keep a map',
    'INSERT INTO map (run, checkpoint, seed, count, options, result, hash, path, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const ofRun = db.query<Row>(
    'list maps',
    `SELECT map.key, run.id AS run, checkpoint, seed, count, options, result, hash, path, map.created_at
     FROM map JOIN run ON run.key = map.run WHERE run.id = ? ORDER BY map.key`,
  )

  function toRecord({ key, options, result, path, created_at: createdAt, ...rest }: Row): MapRecord {
    const what = `Map ${key} of run ${rest.run}`
    return {
      ...rest,
      id: key,
      options: unseal<MapRecord['options']>(options, what),
      result: unseal<MapResult>(result, what),
      path: fromStored(context, path),
      createdAt,
    }
  }

  return {
    async add({ run, checkpoint, seed, count, options, result }, coordinates, values = {}) {
      assertWritable(context)
      const runKey = keyOf(run)
      const arrays: Record<string, NamedArray> = { coordinates: { shape: [coordinates.length / 2, 2], data: coordinates } }
      for (const [name, data] of Object.entries(values)) arrays[`value:${name}`] = { shape: [data.length], data }
      const { path, hash } = await writeResultFile(context, run, 'maps', arrays, {
        format: 'weightscape-map-1',
        checkpoint,
        seed: String(seed),
        method: result.method,
      })
      const stored = toStored(context, path)
      const { key } = insert.run(runKey, checkpoint, seed, count, seal(options), seal(result), hash, stored, now())
      return toRecord(ofRun.all(run).find((row) => row.key === key)!)
    },
    list(run) {
      keyOf(run)
      return ofRun.all(run).map(toRecord)
    },
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
