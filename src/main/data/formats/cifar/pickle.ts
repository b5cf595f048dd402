/**
 * The few words of Python's pickle that numbers, texts, lists, dictionaries and numpy arrays are made
 * of. Nothing is ever called: what a pickle asks to be called is looked up in a short list of meanings,
 * and anything else is an error.
 */
import { badInput } from '../../bad-input.ts'
import { shown } from '../../tree/names.ts'
import { PickleBytes } from './pickle-bytes.ts'

export type PickleValue = number | string | boolean | null | Uint8Array | PickleArray | PickleValue[] | Map<PickleValue, PickleValue>

/** A numpy array, whatever its numbers mean. */
export interface PickleArray {
  array: true
  shape: number[]
  /** `u1` and the like. */
  type: string
  data: Uint8Array
}

/** Something that a pickle names, and that stands for a meaning known here. */
class Known {
  readonly meaning: 'reconstruct' | 'array' | 'type' | 'encode'
  constructor(meaning: Known['meaning']) {
    this.meaning = meaning
  }
}

/** A numpy type: `u1`. */
class Type {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/** An array that is not filled yet. */
class Blank {
  filled: PickleArray | null = null
}

const mark = Symbol('mark')

type Item = PickleValue | Known | Type | Blank | typeof mark

const meanings: Readonly<Record<string, Known['meaning']>> = {
  'numpy.core.multiarray _reconstruct': 'reconstruct',
  'numpy._core.multiarray _reconstruct': 'reconstruct',
  'numpy ndarray': 'array',
  'numpy dtype': 'type',
  '_codecs encode': 'encode',
}

/** Deepest nesting of what comes out; wanted are dictionaries of lists. */
const maxItems = 5_000_000

/**
 * @throws LabError `bad-input` naming the byte, when the pickle is damaged or asks for anything else
 */
export function readPickle(bytes: Uint8Array, name: string): PickleValue {
  return new Machine(bytes, name).run()
}

class Machine {
  readonly #bytes: PickleBytes
  readonly #name: string
  readonly #stack: Item[] = []
  readonly #memo = new Map<number, Item>()
  #steps = 0

  constructor(bytes: Uint8Array, name: string) {
    this.#bytes = new PickleBytes(bytes, name)
    this.#name = name
  }

  run(): PickleValue {
    for (;;) {
      const { at } = this.#bytes
      if (++this.#steps > maxItems) throw this.#wrong(`has more than ${maxItems} steps`, at)
      const code = this.#bytes.u8()
      if (code === 0x2e) return this.#finished(this.#pop())
      this.#step(code, at)
    }
  }

  #step(code: number, at: number): void {
    if (this.#act(code, at)) return
    const value = this.#value(code, at)
    if (value === undefined) throw this.#wrong(`has the word 0x${code.toString(16)}, which arrays and lists do not need`, at)
    this.#push(value)
  }

  /** Words that change what is there already. @returns whether it was one of them */
  #act(code: number, at: number): boolean {
    const bytes = this.#bytes
    switch (code) {
      case 0x80: // PROTO
        bytes.u8()
        return true
      case 0x95: // FRAME
        bytes.size8()
        return true
      case 0x71: // BINPUT
        this.#remember(bytes.u8())
        return true
      case 0x72: // LONG_BINPUT
        this.#remember(bytes.u32())
        return true
      case 0x94: // MEMOIZE
        this.#remember(this.#memo.size)
        return true
      case 0x61: // APPEND
        this.#append([this.#pop()], at)
        return true
      case 0x65: // APPENDS
        this.#append(this.#sinceMark(at), at)
        return true
      case 0x73: // SETITEM
        this.#setItems(this.#stack.splice(this.#depth(2, at)), at)
        return true
      case 0x75: // SETITEMS
        this.#setItems(this.#sinceMark(at), at)
        return true
      case 0x52: // REDUCE
        this.#reduce(at)
        return true
      case 0x62: // BUILD
        this.#build(at)
        return true
      default:
        return false
    }
  }

  /** Words that stand for a value; undefined: it is none of them. */
  #value(code: number, at: number): Item | undefined {
    const bytes = this.#bytes
    switch (code) {
      case 0x28: // MARK
        return mark
      case 0x7d: // EMPTY_DICT
        return new Map()
      case 0x5d: // EMPTY_LIST
      case 0x29: // EMPTY_TUPLE
        return []
      case 0x4e: // NONE
        return null
      case 0x88: // NEWTRUE
        return true
      case 0x89: // NEWFALSE
        return false
      case 0x4b: // BININT1
        return bytes.u8()
      case 0x4d: // BININT2
        return bytes.u16()
      case 0x4a: // BININT
        return bytes.i32()
      case 0x8a: // LONG1
        return bytes.long(bytes.u8())
      case 0x47: // BINFLOAT
        return bytes.f64()
      case 0x55: // SHORT_BINSTRING
        return bytes.latin(bytes.u8())
      case 0x54: // BINSTRING
        return bytes.string(bytes.u32())
      case 0x8c: // SHORT_BINUNICODE
        return bytes.text(bytes.u8())
      case 0x58: // BINUNICODE
        return bytes.text(bytes.u32())
      case 0x43: // SHORT_BINBYTES
        return bytes.take(bytes.u8())
      case 0x42: // BINBYTES
        return bytes.take(bytes.u32())
      case 0x8e: // BINBYTES8
        return bytes.take(bytes.size8())
      case 0x68: // BINGET
        return this.#recall(bytes.u8(), at)
      case 0x6a: // LONG_BINGET
        return this.#recall(bytes.u32(), at)
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#stack.splice(this.#depth(code - 0x84, at)) as PickleValue[]
      case 0x74: // TUPLE
      case 0x6c: // LIST
        return this.#sinceMark(at) as PickleValue[]
      case 0x63: // GLOBAL
        return this.#global(bytes.line(), bytes.line(), at)
      case 0x93: {
        // STACK_GLOBAL
        const [module, item] = this.#stack.splice(this.#depth(2, at))
        return this.#global(module, item, at)
      }
      default:
        return undefined
    }
  }

  /** `numpy.core.multiarray._reconstruct(...)`, `numpy.dtype('u1', ...)`, `_codecs.encode(text, 'latin1')`. */
  #reduce(at: number): void {
    const values = this.#pop()
    const known = this.#pop()
    if (!(known instanceof Known) || !Array.isArray(values)) throw this.#wrong('calls something that is no function', at)
    const [first] = values
    if (known.meaning === 'reconstruct') this.#push(new Blank())
    else if (known.meaning === 'type' && typeof first === 'string' && /^[biuf][1248]$/.test(first)) this.#push(new Type(first))
    else if (known.meaning === 'encode' && typeof first === 'string') this.#push(new Uint8Array(Buffer.from(first, 'latin1')))
    else throw this.#wrong(`makes something (${known.meaning}) that is no array of numbers`, at)
  }

  /** The state of an array: (version, shape, type, Fortran order, bytes). */
  #build(at: number): void {
    const state = this.#pop()
    const subject = this.#stack[this.#stack.length - 1]
    if (subject instanceof Type && Array.isArray(state)) return // byte order of a type: bytes have none
    const [, shape, type, fortran, data] = Array.isArray(state) ? (state as Item[]) : []
    const bytes = typeof data === 'string' ? new Uint8Array(Buffer.from(data, 'latin1')) : data
    const sound =
      Array.isArray(shape) &&
      shape.every((side) => Number.isSafeInteger(side)) &&
      type instanceof Type &&
      fortran === false &&
      bytes instanceof Uint8Array
    if (!(subject instanceof Blank) || !sound) throw this.#wrong('fills something that is no array of numbers', at)
    const sides = shape as number[]
    const needed = sides.reduce((a, b) => a * b, Number(type.name[1]))
    if (bytes.length !== needed)
      throw this.#wrong(`has an array of ${sides.join(' x ')} (${type.name}) with ${bytes.length} bytes instead of ${needed}`, at)
    subject.filled = { array: true, shape: sides, type: type.name, data: bytes }
  }

  #append(items: Item[], at: number): void {
    const list = this.#stack[this.#stack.length - 1]
    if (!Array.isArray(list)) throw this.#wrong('adds to something that is no list', at)
    for (const item of items) list.push(item as PickleValue)
  }

  #setItems(items: Item[], at: number): void {
    const map = this.#stack[this.#stack.length - 1]
    if (!(map instanceof Map) || items.length % 2 !== 0) throw this.#wrong('sets an item of something that is no dictionary', at)
    for (let i = 0; i < items.length; i += 2) map.set(keyOf(items[i]), items[i + 1] as PickleValue)
  }

  #global(module: Item, item: Item, at: number): Known {
    if (typeof module !== 'string' || typeof item !== 'string') throw this.#wrong('names something by what is no text', at)
    const name = `${module} ${item}`
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
    if (meaning !== undefined) return new Known(meaning)
    throw badInput(
      this.#name,
      `it asks for ${shown(`${module}.${item}`)} (byte ${at}), which no array needs: pickles that call anything are not read.`,
      'Do not trust this file. If you do, save its arrays with np.savez instead.',
    )
  }

  /** Arrays as such, wherever they stand. */
  #finished(value: Item): PickleValue {
    if (value instanceof Blank) {
      if (value.filled === null) throw this.#wrong('has an array without content', this.#bytes.at)
      return value.filled
    }
    if (value instanceof Map) for (const [key, item] of value) value.set(key, item instanceof Blank ? this.#finished(item) : item)
    if (value instanceof Known || value instanceof Type || value === mark)
      throw this.#wrong('ends in something that is no value', this.#bytes.at)
    return value
  }

  #push(item: Item): void {
    this.#stack.push(item)
  }

  #pop(): Item {
    const item = this.#stack.pop()
    if (item === undefined) throw this.#wrong('takes something from an empty stack', this.#bytes.at)
    return item
  }

  /** Index of the first of the uppermost `count` items. */
  #depth(count: number, at: number): number {
    if (this.#stack.length < count) throw this.#wrong('takes something from an empty stack', at)
    return this.#stack.length - count
  }

  #sinceMark(at: number): Item[] {
    const place = this.#stack.lastIndexOf(mark)
    if (place < 0) throw this.#wrong('ends a list that was not begun', at)
    return this.#stack.splice(place).slice(1)
  }

  #remember(key: number): void {
    const item = this.#stack[this.#stack.length - 1]
    if (item !== undefined) this.#memo.set(key, item)
  }

  #recall(key: number, at: number): Item {
    const item = this.#memo.get(key)
    if (item === undefined) throw this.#wrong('recalls something that was not said', at)
    return item
  }

  #wrong(what: string, at: number): Error {
    return badInput(this.#name, `its pickle ${what} (byte ${at}).`)
  }
}

/** Python 3 reads keys that Python 2 wrote as bytes. */
function keyOf(item: Item): PickleValue {
  return item instanceof Uint8Array ? Buffer.from(item).toString('latin1') : (item as PickleValue)
}
