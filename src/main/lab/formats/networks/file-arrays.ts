/** What a file with arrays by name holds, whatever its format: their numbers as float32, believed only as far as they were checked. */
import { badInput } from '../../../data/bad-input.ts'

export interface FileArray {
  name: string
  shape: readonly number[]
  /** Row-major. */
  values: Float32Array
}

export interface FileContents {
  /** In the order in which they lie in the file. */
  arrays: FileArray[]
  /** Texts beside them. */
  texts: ReadonlyMap<string, string>
  /** Types of numbers that were brought to float32, as a person names them. */
  converted: Set<string>
  /** Whether the order in the file is that of the names, whatever the network's. */
  isSorted: boolean
}

/** What of several networks may be in memory at once, numbers. */
export const maxNumbers = 2 ** 28

/** @throws LabError `bad-input` where an array has more numbers than are read */
export function requireRoom(file: string, numbers: number): void {
  if (numbers <= maxNumbers) return
  throw badInput(
    file,
    `it holds ${numbers} numbers; at most ${maxNumbers} are read of all files together.`,
    'Import fewer networks at a time.',
  )
}

/** float64, float16 and bfloat16 beside float32: what types of floating-point numbers are called by safetensors. */
export const floatTypes: Readonly<Record<string, { words: string; read: (raw: Uint8Array) => Float32Array }>> = {
  F32: { words: 'float32', read: (raw) => new Float32Array(aligned(raw)) },
  F64: { words: 'float64', read: (raw) => Float32Array.from(new Float64Array(aligned(raw))) },
  F16: { words: 'float16', read: (raw) => Float32Array.from(new Float16Array(aligned(raw))) },
  // The upper half of a float32.
  BF16: {
    words: 'bfloat16',
    read: (raw) => new Float32Array(Uint32Array.from(new Uint16Array(aligned(raw)), (bits) => bits << 16).buffer),
  },
}

/** A copy that begins at a multiple of every size. */
const aligned = (raw: Uint8Array): ArrayBuffer => Uint8Array.from(raw).buffer

/** Numbers of a type, little-endian, as float32. @param into is told of what was converted @returns null: they are no floating-point numbers */
export function toFloat32(type: string, raw: Uint8Array, into: Pick<FileContents, 'converted'>): Float32Array | null {
  if (!Object.hasOwn(floatTypes, type)) return null
  const { words, read } = floatTypes[type]
  if (type !== 'F32') into.converted.add(words)
  return read(raw)
}
