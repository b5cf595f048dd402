/** What a lab computes, as numbers that can be pinned: taken from the files and lines that its commands give. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { LabProcess } from './lab-process.ts'

export type Arrays = Record<string, Float32Array>

/** The last line of `show`. */
type Shown = Record<string, unknown>

export interface Bits {
  /** Every array that training, sampling, testing, distilling and mapping made, by name. */
  arrays: Arrays
  /** What commands said of them, without times, places and names. */
  figures: Record<string, unknown>
  /** What the bits of arrays depend on: where it is the same, they are. */
  fingerprint: Record<string, unknown>
}

/** Seed of the sampled networks: not a run's own, for which a folder may hold results already. */
const sampled = ['--seed', '5']
const onTest = [...sampled, '--split', 'test', '--images', 'all']

/**
 * Trains documents from scratch, and makes every kind of result anew from a run's newest checkpoint.
 * @param documents paths of JSON files, by name
 * @param folder for files on the way
 */
export async function takeBits(lab: LabProcess, run: string, documents: Record<string, string>, folder: string): Promise<Bits> {
  const bits: Bits = { arrays: {}, figures: {}, fingerprint: {} }
  const add = (group: string, arrays: Arrays) => {
    for (const [name, array] of Object.entries(arrays)) bits.arrays[`${group}/${name}`] = array
  }
  for (const [name, document] of Object.entries(documents)) {
    const shown = await lab('show', String((await lab('train', '--document', document))['run']))
    add(name, checkpointArrays(shown))
    bits.figures[name] = figuresOf(shown)
    bits.fingerprint = fingerprintOf(shown)
  }
  const before = await lab('show', run)
  await lab('ensemble', run, '--sizes', '1,3,8', ...onTest)
  await lab('ensemble', run, '--sizes', '1,2', '--networks', '1,4,6', ...onTest)
  await lab('distil', run, '-n', '4', '--steps', '30', '--image-batch', '16', ...onTest)
  const file = (name: string) => join(folder, name)
  for (const method of ['pca', 'tsne']) {
    await lab('map', run, '-n', '12', '--method', method, '--iterations', '60', ...onTest, '--out', file(`${method}.json`))
    add(method, pointsOf(file(`${method}.json`)))
  }
  await lab('sample', run, ...sampled, '-n', '3', '--first', '2', '--out', file('sample.safetensors'))
  add('sampled', tensorsOf(file('sample.safetensors')))
  await lab('export', run, '--student', '--format', 'safetensors', '--out', file('student.safetensors'))
  add('student', tensorsOf(file('student.safetensors')))
  const after = await lab('show', run)
  add('probabilities', probabilityArrays(after))
  bits.figures['results'] = resultsSince(before, after)
  return bits
}

/** SHA-256 of each array's bytes. */
export function hashesOf(arrays: Arrays): Record<string, string> {
  return Object.fromEntries(
    Object.entries(arrays).map(([name, { buffer, byteOffset, byteLength }]) => [
      name,
      sha256(new Uint8Array(buffer, byteOffset, byteLength)),
    ]),
  )
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The arrays of a shown run's newest checkpoint. */
export function checkpointArrays(shown: Shown): Arrays {
  return tensorsOf((shown['checkpoints'] as { path: string }[])[0].path)
}

/** What `show` says of how a run trained, without times. */
function figuresOf({ step, document, metrics }: Shown): Shown {
  const { stepMilliseconds: _time, ...measured } = metrics as Record<string, { value: number }>
  return { step, document, metrics: Object.fromEntries(Object.entries(measured).map(([name, { value }]) => [name, value])) }
}

/** What was made between two times a run was shown, without times, places and names. */
function resultsSince(before: Shown, after: Shown): Shown {
  const kinds = ['evaluations', 'ensembles', 'students', 'maps']
  return Object.fromEntries(kinds.map((kind) => [kind, withoutPlace((after[kind] as unknown[]).slice((before[kind] as unknown[]).length))]))
}

const placeKeys = new Set(['id', 'run', 'seconds', 'createdAt', 'path', 'hash', 'checkpoint'])

function withoutPlace(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlace)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !placeKeys.has(key))
      .map(([key, inner]) => [key, withoutPlace(inner)]),
  )
}

/** Processor, libraries and processes that computed a shown run. */
export function fingerprintOf({ versions, machine, farmProcesses }: Shown): Record<string, unknown> {
  const cpu = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  const field = (name: string) => new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(cpu)?.[1] ?? 'unknown'
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } }
  const { tensorflow, tfjs } = versions as Record<string, string>
  return {
    platform: `${process.platform} ${process.arch}`,
    vendor: field('vendor_id'),
    vectors: field('flags')
      .split(' ')
      .filter((flag) => /^(avx|fma|amx|sse4)/.test(flag))
      .sort()
      .join(' '),
    libc: header.glibcVersionRuntime ?? 'unknown',
    v8: process.versions.v8.split('.').slice(0, 2).join('.'),
    tensorflow,
    tfjs,
    oneDNN: process.env['ONEDNN_MAX_CPU_ISA'] ?? 'all it finds',
    cores: (machine as { cores: number }).cores,
    farmProcesses,
  }
}

/** The float arrays of a safetensors file. */
function tensorsOf(path: string): Arrays {
  const bytes = new Uint8Array(readFileSync(path))
  const begin = 8 + Number(new DataView(bytes.buffer).getBigUint64(0, true))
  const header = JSON.parse(Buffer.from(bytes.subarray(8, begin)).toString()) as Record<
    string,
    { dtype?: string; data_offsets: [number, number] }
  >
  const floats = Object.entries(header).filter(([, { dtype }]) => dtype === 'F32')
  return Object.fromEntries(
    floats.map(
      ([
        name,
        {
          data_offsets: [from, to],
        },
      ]) => [name, floatsOf(bytes.subarray(begin + from, begin + to))],
    ),
  )
}

/** What networks say of images, from the cache files of a shown run: by seed and count, as their names have them. */
function probabilityArrays(shown: Shown): Arrays {
  const folder = join(dirname((shown['checkpoints'] as { path: string }[])[0].path), '..', 'probabilities')
  const files = readdirSync(folder).map((name) => ({ name: name.split('-').slice(1, 3).join('-'), path: join(folder, name) }))
  return Object.fromEntries(files.sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, path }) => [name, floatsOf(readFileSync(path))]))
}

/** The columns of a map's file. */
function pointsOf(path: string): Arrays {
  const { points } = JSON.parse(readFileSync(path, 'utf8')) as { points: Record<string, number>[] }
  return Object.fromEntries(Object.keys(points[0]).map((column) => [column, Float32Array.from(points, (point) => point[column])]))
}

/** A copy, aligned. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer)
}
