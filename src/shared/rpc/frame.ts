/**
 * One message as bytes: JSON for what is small, raw numbers for what is many.
 *
 *     u32 magic | u32 header bytes | header, UTF-8 JSON | zeros to a multiple of 8 | array | array ...
 *
 * All numbers little-endian. The header is `{ value, arrays: [[type, length], ...] }`; each array starts at a
 * multiple of 8. In the value, `{ "$array": i }` stands for a typed array and `{ "$number": "NaN" }` for a
 * number that JSON has no word for; keys of the value's own that begin with `$` get one more.
 */
import { LabError } from '../errors.ts'

const types = {
  u8: Uint8Array,
  i8: Int8Array,
  u16: Uint16Array,
  i16: Int16Array,
  u32: Uint32Array,
  i32: Int32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const
type TypeName = keyof typeof types
export type NumberArray = InstanceType<(typeof types)[TypeName]>

const magic = 0x31465357 // "WSF1"
const prefix = 8
const alignment = 8
/** Deeper values are refused: reading one must not exhaust the stack. */
const deepest = 64
/** Their bytes; the closing ones are two further. */
const [quote, backslash, bracket, brace] = [0x22, 0x5c, 0x5b, 0x7b]

export interface FrameLimits {
  /** Of a whole frame, bytes. */
  frame: number
  /** Of its JSON, bytes. */
  header: number
  arrays: number
}

/** What the lab sends may be large: a map of 100,000 networks, a list of 10,000 runs. */
export const fromLab: FrameLimits = { frame: 256 << 20, header: 64 << 20, arrays: 100_000 }
/** What a window sends is small: files do not come this way. */
export const fromWindow: FrameLimits = { frame: 8 << 20, header: 8 << 20, arrays: 1000 }

/**
 * @returns bytes of a buffer of their own; typed arrays are copied into it
 * @throws LabError `invalid-argument` when the value holds what cannot be sent: functions, other objects than
 *   plain ones and typed arrays, cycles
 */
export function encodeFrame(value: unknown): ArrayBuffer {
  const arrays: NumberArray[] = []
  const plain = pack(value, arrays, 0)
  const header = new TextEncoder().encode(JSON.stringify({ value: plain, arrays: arrays.map((array) => [typeOf(array), array.length]) }))
  let size = aligned(prefix + header.length)
  for (const array of arrays) size += aligned(array.byteLength)
  const frame = new ArrayBuffer(size)
  const view = new DataView(frame)
  view.setUint32(0, magic, true)
  view.setUint32(4, header.length, true)
  new Uint8Array(frame, prefix).set(header)
  let at = aligned(prefix + header.length)
  for (const array of arrays) {
    new Uint8Array(frame, at).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    at += aligned(array.byteLength)
  }
  return frame
}

/**
 * The value of a frame; its typed arrays are views of the frame's own bytes.
 * @throws LabError `bad-input` for anything that {@link encodeFrame} did not make, before memory is taken for it
 */
export function decodeFrame(frame: ArrayBuffer, limits: FrameLimits = fromLab): unknown {
  if (frame.byteLength > limits.frame) throw refused(`it has ${frame.byteLength} bytes, and ${limits.frame} are allowed`)
  if (frame.byteLength < prefix) throw refused(`it ends after ${frame.byteLength} bytes`)
  const view = new DataView(frame)
  if (view.getUint32(0, true) !== magic) throw refused('it does not begin like one')
  const headerBytes = view.getUint32(4, true)
  if (headerBytes > limits.header) throw refused(`its header has ${headerBytes} bytes, and ${limits.header} are allowed`)
  if (prefix + headerBytes > frame.byteLength) throw refused('it ends within its header')
  const { value, arrays } = readHeader(new Uint8Array(frame, prefix, headerBytes))
  return unpack(value, layOut(frame, aligned(prefix + headerBytes), arrays, limits), 0)
}

function readHeader(bytes: Uint8Array): { value: unknown; arrays: unknown[] } {
  refuseDeep(bytes)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw refused('its header is not JSON')
  }
  if (!isObject(header) || !Array.isArray(header['arrays'])) throw refused('its header lists no arrays')
  return { value: header['value'], arrays: header['arrays'] }
}

/** Reading millions of brackets takes seconds, in which no other window is answered: they are counted before. */
function refuseDeep(bytes: Uint8Array): void {
  let depth = 0
  let inText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (byte === quote) inText = !inText
    else if (inText) i += byte === backslash ? 1 : 0
    else if (byte === bracket || byte === brace) {
      // The header is a level of its own, and the value's are counted from 0.
      if (++depth > deepest + 2) throw refused(`it is deeper than ${deepest} levels`)
    } else if (byte === bracket + 2 || byte === brace + 2) depth--
  }
}

/** Views of the arrays that a header lists; together they must fill the frame to its end. */
function layOut(frame: ArrayBuffer, start: number, arrays: readonly unknown[], limits: FrameLimits): NumberArray[] {
  if (arrays.length > limits.arrays) throw refused(`it lists ${arrays.length} arrays, and ${limits.arrays} are allowed`)
  let at = start
  const views = arrays.map((entry) => {
    const [name, length] = Array.isArray(entry) && entry.length === 2 ? (entry as [unknown, unknown]) : []
    if (typeof name !== 'string' || !Object.hasOwn(types, name)) throw refused('it lists an array of an unknown type')
    const Type = types[name as TypeName]
    if (!Number.isSafeInteger(length) || (length as number) < 0) throw refused('it lists an array of no length')
    const bytes = (length as number) * Type.BYTES_PER_ELEMENT
    if (bytes > frame.byteLength - at) throw refused('it ends within its arrays')
    const array = new Type(frame, at, length as number)
    at += aligned(bytes)
    return array
  })
  if (at !== frame.byteLength) throw refused('its length is not that of its parts')
  return views
}

/** The value as JSON can say it; what needs no change is not copied. */
function pack(value: unknown, arrays: NumberArray[], depth: number): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : { $number: String(value) }
    case 'string':
    case 'boolean':
    case 'undefined':
      return value
    case 'object':
      break
    default:
      throw unsendable(`a ${typeof value}`)
  }
  if (value === null) return value
  if (depth > deepest) throw unsendable(`something deeper than ${deepest} levels`)
  if (ArrayBuffer.isView(value)) {
    if (typeOf(value) === undefined) throw unsendable(`a ${value.constructor.name}`)
    return { $array: arrays.push(value as NumberArray) - 1 }
  }
  if (Array.isArray(value)) return packItems(value, arrays, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) throw unsendable(`a ${value.constructor.name}`)
  return packFields(value as Record<string, unknown>, arrays, depth)
}

function packItems(items: readonly unknown[], arrays: NumberArray[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined
  for (let i = 0; i < items.length; i++) {
    const packed = pack(items[i], arrays, depth + 1)
    if (packed !== items[i]) (copy ??= [...items])[i] = packed
  }
  return copy ?? items
}

function packFields(fields: Record<string, unknown>, arrays: NumberArray[], depth: number): Record<string, unknown> {
  const keys = Object.keys(fields)
  if (keys.includes('__proto__')) throw unsendable('a field called __proto__')
  if (keys.some(isMarked)) {
    return Object.fromEntries(keys.map((key) => [isMarked(key) ? `$${key}` : key, pack(fields[key], arrays, depth + 1)]))
  }
  let copy: Record<string, unknown> | undefined
  for (const key of keys) {
    const packed = pack(fields[key], arrays, depth + 1)
    if (packed !== fields[key]) (copy ??= { ...fields })[key] = packed
  }
  return copy ?? fields
}

/** Puts arrays and odd numbers back where they were, in place. */
function unpack(value: unknown, arrays: readonly NumberArray[], depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (depth > deepest) throw refused(`it is deeper than ${deepest} levels`)
  if (Array.isArray(value)) {
    const items = value as unknown[]
    for (let i = 0; i < items.length; i++) {
      const item = items[i]
      if (typeof item === 'object' && item !== null) items[i] = unpack(item, arrays, depth + 1)
    }
    return items
  }
  return unpackFields(value as Record<string, unknown>, arrays, depth)
}

function unpackFields(fields: Record<string, unknown>, arrays: readonly NumberArray[], depth: number): unknown {
  const keys = Object.keys(fields)
  if (keys.includes('__proto__')) throw refused('it has a field called __proto__')
  if (keys.some(isMarked)) {
    const lone = keys.length === 1 && !keys[0].startsWith('$$')
    if (lone) return standIn(keys[0], fields[keys[0]], arrays)
    return Object.fromEntries(keys.map((key) => [ownKey(key), unpack(fields[key], arrays, depth + 1)]))
  }
  for (const key of keys) {
    const field = fields[key]
    if (typeof field === 'object' && field !== null) fields[key] = unpack(field, arrays, depth + 1)
  }
  return fields
}

function isMarked(key: string): boolean {
  return key.startsWith('$')
}

/** A key as it was before it was packed. */
function ownKey(key: string): string {
  if (!isMarked(key)) return key
  if (!key.startsWith('$$')) throw refused(`it has a field ${key} among others`)
  return key.slice(1)
}

/** What `{ [key]: value }` stands for. */
function standIn(key: string, value: unknown, arrays: readonly NumberArray[]): unknown {
  if (key === '$array' && Number.isSafeInteger(value)) {
    const array = arrays[value as number]
    if (array !== undefined) return array
  }
  if (key === '$number' && (value === 'NaN' || value === 'Infinity' || value === '-Infinity')) return Number(value)
  throw refused(`it has a field ${key} that stands for nothing`)
}

function typeOf(array: ArrayBufferView): TypeName | undefined {
  return (Object.keys(types) as TypeName[]).find((name) => array instanceof types[name])
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / alignment) * alignment
}

function refused(why: string): LabError {
  return new LabError('bad-input', `A message between window and lab cannot be read: ${why}.`, 'Reload the window.')
}

function unsendable(what: string): LabError {
  return new LabError('invalid-argument', `A message between window and lab cannot carry ${what}.`, 'This is a defect in Weightscape.')
}
