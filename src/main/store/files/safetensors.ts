/**
 * The safetensors format (github.com/huggingface/safetensors): 8 bytes of header length, a JSON header
 * with each array's dtype, shape and place and a map of strings `__metadata__`, then the raw numbers,
 * little-endian. Other programs read it, and nothing in it can run. Here: float32 only, arrays in order
 * of name, and in the metadata a SHA-256 of the whole file with that digest's own digits taken as zeros.
 */
import { LabError } from '../../../shared/errors.ts'
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

/** One file's bytes; equal arguments give equal bytes. */
export function encodeTensors({ arrays, metadata }: Tensors): Uint8Array {
  const names = Object.keys(arrays).sort()
  const header: Record<string, unknown> = { __metadata__: { ...metadata, sha256: noDigest } }
  let offset = 0
  for (const name of names) {
    const { shape, data } = arrays[name]
    if (shape.reduce((a, b) => a * b, 1) !== data.length) {
      throw new LabError(
        'internal',
        `The array ${name} has ${data.length} numbers, not the ${shape.join(' x ')} of its shape.`,
        'This is a defect in Weightscape.',
      )
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] }
    offset += data.byteLength
  }
  let text = Buffer.from(JSON.stringify(header))
  // Spaces after the header, as the format allows, so that the numbers can be read in place.
  text = Buffer.concat([text, Buffer.alloc((alignment - (text.length % alignment)) % alignment, ' ')])
  const bytes = new Uint8Array(8 + text.length + offset)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  let at = 8 + text.length
  for (const name of names) {
    const { data } = arrays[name]
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at)
    at += data.byteLength
  }
  const place = 8 + text.indexOf(noDigest)
  bytes.set(Buffer.from(sha256(bytes)), place)
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
  if (bytes.length < 8) throw bad(`it has only ${bytes.length} bytes`)
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true))
  if (length > longestHeader || 8 + length > bytes.length) throw bad(`its header claims ${length} bytes of ${bytes.length}`)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + 8, length).toString('utf8')
  const header = parseHeader(text, bad)
  const metadata = header.metadata
  checkDigest(bytes, text, metadata, bad)
  const payload = bytes.subarray(8 + length)
  const arrays: Record<string, NamedArray> = {}
  let expected = 0
  for (const [name, { shape, begin, end }] of header.entries) {
    const size = shape.reduce((a, b) => a * b, 4)
    if (begin !== expected || end !== begin + size || end > payload.length) throw bad(`the array ${name} does not lie where it should`)
    expected = end
    const data = new Float32Array(size / 4)
    new Uint8Array(data.buffer).set(payload.subarray(begin, end)) // a copy: aligned, and free of the file's buffer
    arrays[name] = { shape, data }
  }
  if (expected !== payload.length) throw bad(`it is ${payload.length - expected} bytes too long`)
  return { arrays, metadata }
}

interface HeaderEntry {
  shape: number[]
  begin: number
  end: number
}

function parseHeader(
  text: string,
  bad: (found: string) => LabError,
): { metadata: Record<string, string>; entries: [string, HeaderEntry][] } {
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
    if (dtype !== 'F32') throw bad(`the array ${name} is ${String(dtype)}, not F32`)
    if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) throw bad(`the header of ${name} has no shape or place`)
    entries.push([name, { shape, begin: offsets[0], end: offsets[1] }])
  }
  return { metadata, entries: entries.sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end) }
}

function checkDigest(bytes: Uint8Array, text: string, metadata: Record<string, string>, bad: (found: string) => LabError): void {
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
