/**
 * Python's pickles of numbers, texts, lists, dictionaries and numpy arrays. Nothing is ever called: what a
 * pickle asks to be called is looked up in a short list of meanings, and anything else is an error.
 */
import { BufferReader, Parser } from 'pickleparser'
import { badInput, damaged } from '../../bad-input.ts'
import { shown } from '../../tree/names.ts'

/** Characters of the longest name. */
const longestName = 1000
/** Wanted are dictionaries of lists. */
const maxSteps = 5_000_000

/**
 * The dictionary that a pickle holds, by the texts of its keys.
 * @throws LabError `bad-input` naming the byte, when the pickle is damaged, no dictionary, or asks for anything else
 */
export function readPickle(bytes: Uint8Array, name: string): Map<unknown, unknown> {
  const reader = new PickleReader(bytes, name)
  const meanings = meaningsOf(name)
  const resolve = (module: string, item: string): (() => unknown) => {
    const meaning = meanings.get(`${module} ${item}`)
    if (meaning !== undefined) return meaning
    throw badInput(
      name,
      `it asks for ${shown(`${module}.${item}`)} (byte ${reader.position}), which no array needs: pickles that call anything are not read.`,
      'Do not trust this file. If you do, save its arrays with np.savez instead.',
    )
  }
  let value: unknown
  try {
    value = new Parser({ nameResolver: { resolve }, unpicklingTypeOfDictionary: 'Map' }).read(reader)
  } catch (error) {
    throw damaged(error, name, `its pickle is damaged, or holds what arrays and lists do not need, at byte ${reader.position}`)
  }
  if (!(value instanceof Map)) throw badInput(name, 'its pickle is no dictionary.')
  return new Map([...value].map(([key, item]) => [textOf(key), item]))
}

/** A text, or what Python 2 wrote as one and Python 3 reads as bytes; null: neither. */
export function textOf(value: unknown): string | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1')
  return typeof value === 'string' ? value : null
}

/** Reads never beyond the end nor backwards, and what Python 2 wrote as strings, the bytes of arrays too, byte by byte. */
class PickleReader extends BufferReader {
  readonly #name: string
  #steps = 0

  constructor(bytes: Uint8Array, name: string) {
    super(bytes)
    this.#name = name
  }

  /** Asked before each step. */
  override hasNext(): boolean {
    if (++this.#steps > maxSteps) throw badInput(this.#name, `its pickle has more than ${maxSteps} steps (byte ${this.position}).`)
    return super.hasNext()
  }

  override skip(count: number): void {
    if (!(count >= 0 && this.position + count <= this.length))
      throw badInput(this.#name, `it ends at byte ${this.length}, in the middle of its pickle.`)
    super.skip(count)
  }

  override string(size: number, encoding: 'ascii' | 'utf-8'): string {
    return Buffer.from(this.bytes(size)).toString(encoding === 'ascii' ? 'latin1' : encoding)
  }

  override line(): string {
    const line = super.line()
    if (line.length > longestName) throw new Error(`a name of ${line.length} characters`)
    return line
  }
}

/** A numpy array, whatever its numbers mean. */
export class PickledArray {
  shape: number[] = []
  /** `u1` and the like. */
  type = ''
  data: Uint8Array = new Uint8Array(0)
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  /** @param state version, shape, type, Fortran order, bytes */
  __setstate__(state: unknown): void {
    const [, shape, type, fortran, data] = Array.isArray(state) ? (state as unknown[]) : []
    const bytes = typeof data === 'string' ? Buffer.from(data, 'latin1') : data
    const name = type instanceof NumberType ? String(type.name) : ''
    if (!isShape(shape) || !/^[biuf][1248]$/.test(name) || fortran !== false || !(bytes instanceof Uint8Array))
      throw new Error('an array of other things than numbers')
    const needed = shape.reduce((a, b) => a * b, Number(name[1]))
    if (bytes.length !== needed)
      throw badInput(
        this.#file,
        `its pickle has an array of ${shape.join(' x ')} (${name}) with ${bytes.length} bytes instead of ${needed}.`,
      )
    Object.assign(this, { shape, type: name, data: bytes })
  }
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((side) => Number.isSafeInteger(side))
}

/** `u1` and the like; nothing is kept of the order of bytes, which single bytes do not have. */
class NumberType {
  readonly name: unknown

  constructor(name: unknown) {
    this.name = name
  }

  __setstate__(): void {}
}

/** What stands for the functions and classes that a pickle of arrays names; made anew for each, since a pickle may write on them. */
function meaningsOf(file: string): ReadonlyMap<string, (...values: unknown[]) => unknown> {
  const makeArray = () => new PickledArray(file)
  return new Map<string, (...values: unknown[]) => unknown>([
    ['numpy.core.multiarray _reconstruct', makeArray],
    ['numpy._core.multiarray _reconstruct', makeArray],
    ['numpy ndarray', makeArray],
    ['numpy dtype', (name) => new NumberType(name)],
    ['_codecs encode', (text) => Buffer.from(String(text), 'latin1')],
  ])
}
