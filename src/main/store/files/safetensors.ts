/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes of header length, a JSON header
 * with each array's dtype, shape and place and a map of strings `__metadata__`, then the raw numbers,
 * little-endian. Other programs read it, and nothing in it can run. The store's own files: float32 only, arrays
 * in order of name, and in the metadata a SHA-256 of the whole file with that digest's own digits taken as zeros.
 */
import { LabError, defect } from '../../../shared/errors.ts'
import { sha256 } from './files.ts'

export interface NamedArray {
  shape: readonly number[]
  data: Float32Array
}

export interface Tensors {
  arrays: Record<string, NamedArray>
  metadata: Record<string, string>
}

const noDigest = '0'.repeat(64)
const alignment = 8
/** The format's own limit, bytes. */
const longestHeader = 100_000_000

/** What the header says of an array. */
export interface TensorEntry {
  name: string
  type: 'F32' | 'U32'
  shape: readonly number[]
}

/** All that stands before the numbers; the arrays lie behind it in the order given. */
interface TensorHeader {
  bytes: Uint8Array
  /** Of the file's first byte, where each array begins. */
  offsets: ReadonlyMap<string, number>
  /** Bytes of the whole file. */
  total: number
}

/** The length of the header, and the header. */
export function tensorHeader(entries: readonly TensorEntry[], metadata: Readonly<Record<string, string>>): TensorHeader {
  const header: Record<string, unknown> = { __metadata__: metadata }
  const begins = new Map<string, number>()
  let end = 0
  for (const { name, type, shape } of entries) {
    begins.set(name, end)
    const begin = end
    end += shape.reduce((a, b) => a * b, 4)
    header[name] = { dtype: type, shape, data_offsets: [begin, end] }
  }
  const text = Buffer.from(JSON.stringify(header))
  // Spaces after the header, as the format allows, so that the numbers can be read in place.
  const padded = Buffer.concat([Buffer.alloc(8), text, Buffer.alloc((alignment - (text.length % alignment)) % alignment, ' ')])
  padded.writeBigUInt64LE(BigInt(padded.length - 8))
  return { bytes: padded, offsets: new Map([...begins].map(([name, begin]) => [name, padded.length + begin])), total: padded.length + end }
}

/** One file's bytes, with its checksum; equal arguments give equal bytes. */
export function encodeTensors({ arrays, metadata }: Tensors): Uint8Array {
  const names = Object.keys(arrays).sort()
  const entries = names.map((name): TensorEntry => {
    const { shape, data } = arrays[name]
    if (shape.reduce((a, b) => a * b, 1) === data.length) return { name, type: 'F32', shape }
    throw defect(`The array ${name} has ${data.length} numbers, not the ${shape.join(' x ')} of its shape.`)
  })
  const header = tensorHeader(entries, { ...metadata, sha256: noDigest })
  const bytes = new Uint8Array(header.total)
  bytes.set(header.bytes)
  for (const [name, at] of header.offsets) {
    const { data } = arrays[name]
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
  }
  bytes.set(Buffer.from(sha256(bytes)), Buffer.from(header.bytes).indexOf(noDigest))
  return bytes
}

/**
 * Reads what {@link encodeTensors} wrote, believing nothing in it.
 * @param what names it in errors, for instance the file's path
 * @throws LabError `corrupt`
 */
export function decodeTensors(bytes: Uint8Array, what: string): Tensors {
  const bad = (found: string): LabError =>
    new LabError('corrupt', `${what} is damaged or no file of this kind: ${found}.`, 'Use an earlier checkpoint, or make this file again.')
  const { text } = headerOf(bytes, bad)
  checkDigest(bytes, text, parseHeader(text, bad).metadata, bad)
  return parseTensors(bytes, bad)
}

/**
 * The float32 arrays of a file of anyone's, believing nothing in it; no checksum is asked for.
 * @param bad makes the error of what was found
 */
export function parseTensors(bytes: Uint8Array, bad: (found: string) => Error): Tensors {
  const { metadata, tensors } = rawTensors(bytes, bad)
  const arrays: Record<string, NamedArray> = {}
  for (const { name, dtype, shape, raw } of tensors) {
    if (dtype !== 'F32') throw bad(`the array ${name} is ${dtype}, not F32`)
    const data = new Float32Array(raw.length / 4)
    new Uint8Array(data.buffer).set(raw) // a copy: aligned, and free of the file's buffer
    arrays[name] = { shape, data }
  }
  return { arrays, metadata }
}

/** Bytes of a number of each type. */
const numberBytes: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2 },
  ...{ I64: 8, I32: 4, I16: 2, I8: 1, U64: 8, U32: 4, U16: 2, U8: 1, BOOL: 1 },
}

/** An array as it lies in the file, little-endian. */
export interface RawTensor {
  name: string
  dtype: string
  shape: readonly number[]
  raw: Uint8Array
}

/**
 * All arrays of a file of anyone's, in the order in which they lie there, believing nothing in it.
 * @param bad makes the error of what was found
 */
export function rawTensors(bytes: Uint8Array, bad: (found: string) => Error): { metadata: Record<string, string>; tensors: RawTensor[] } {
  const { text, end: from } = headerOf(bytes, bad)
  const { metadata, entries } = parseHeader(text, bad)
  const payload = bytes.subarray(from)
  let expected = 0
  const tensors = entries.map(([name, { dtype, shape, begin, end }]): RawTensor => {
    if (!Object.hasOwn(numberBytes, dtype)) throw bad(`the array ${name} is ${dtype}, which is not read`)
    const size = shape.reduce((a, b) => a * b, numberBytes[dtype])
    if (begin !== expected || end !== begin + size || end > payload.length) throw bad(`the array ${name} does not lie where it should`)
    expected = end
    return { name, dtype, shape, raw: payload.subarray(begin, end) }
  })
  if (expected !== payload.length) throw bad(`it is ${payload.length - expected} bytes too long`)
  return { metadata, tensors }
}

function headerOf(bytes: Uint8Array, bad: (found: string) => Error): { text: string; end: number } {
  if (bytes.length < 8) throw bad(`it has only ${bytes.length} bytes`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > longestHeader || 8 + length > bytes.length) throw bad(`its header claims ${length} bytes of ${bytes.length}`)
  return { text: Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString('utf8'), end: 8 + length }
}

interface HeaderEntry {
  dtype: string
  shape: number[]
  begin: number
  end: number
}

function parseHeader(text: string, bad: (found: string) => Error): { metadata: Record<string, string>; entries: [string, HeaderEntry][] } {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw bad('its header is not JSON')
  }
  if (!isObject(header)) throw bad('its header is not an object')
  const metadata: Record<string, string> = {}
  const entries: [string, HeaderEntry][] = []
  for (const [name, value] of Object.entries(header)) {
    if (!isObject(value)) throw bad(`the header of ${name} is not an object`)
    if (name === '__metadata__') {
      for (const [key, string] of Object.entries(value)) if (typeof string === 'string') metadata[key] = string
      continue
    }
    const { dtype, shape, data_offsets: offsets } = value
    if (typeof dtype !== 'string') throw bad(`the header of ${name} says no type`)
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) throw bad(`the header of ${name} has no shape or place`)
    entries.push([name, { dtype, shape, begin: offsets[0], end: offsets[1] }])
  }
  return { metadata, entries: entries.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end) }
}

function checkDigest(bytes: Uint8Array, text: string, metadata: Record<string, string>, bad: (found: string) => Error): void {
  const digest = metadata['sha256']
  if (digest === undefined || !/^[0-9a-f]{64}$/.test(digest)) throw bad('it carries no checksum')
  const place = 8 + Buffer.byteLength(text.slice(0, text.indexOf(digest)))
  const before = bytes.subarray(0, place)
  const after = bytes.subarray(place + digest.length)
  if (sha256(before, noDigest, after) !== digest) throw bad('its checksum does not match')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0)
}
