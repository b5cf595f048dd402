/** The little of Protocol Buffers' wire format that writing and reading a model takes (protobuf.dev, "Encoding"). */

export type Field = Uint8Array

const utf8 = new TextEncoder()

/** A whole number; those below 0 as 64 bits in two's complement. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    const more = rest > 127n ? 128 : 0
    bytes.push(Number(rest & 127n) | more)
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(bytes)
}

export function integerField(number: number, value: number): Field {
  return join([varint(number * 8), varint(value)])
}

/** Bytes, a text, or an embedded message. */
export function bytesField(number: number, value: Uint8Array | string): Field {
  const bytes = typeof value === 'string' ? utf8.encode(value) : value
  return join([varint(number * 8 + 2), varint(bytes.length), bytes])
}

/** A 32-bit floating-point number. */
export function floatField(number: number, value: number): Field {
  return join([varint(number * 8 + 5), new Uint8Array(Float32Array.of(value).buffer)])
}

/** A 64-bit floating-point number. */
export function doubleField(number: number, value: number): Field {
  return join([varint(number * 8 + 1), new Uint8Array(Float64Array.of(value).buffer)])
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Values of a message by the numbers of its fields; of numbers of fixed size, their bytes. */
export interface Fields {
  integers: Map<number, number[]>
  bytes: Map<number, Uint8Array[]>
}

/** Reads a message, believing nothing in it. @throws Error where it ends within a field, or has what is no field */
export function fieldsOf(message: Uint8Array): Fields {
  const fields: Fields = { integers: new Map(), bytes: new Map() }
  const put = <T>(to: Map<number, T[]>, number: number, value: T) => {
    const before = to.get(number)
    if (before === undefined) to.set(number, [value])
    else before.push(value)
  }
  let at = 0
  const take = (length: number): Uint8Array => {
    if (!(length >= 0 && at + length <= message.length)) throw new Error(`it ends within a field, at byte ${at}`)
    at += length
    return message.subarray(at - length, at)
  }
  const whole = (): number => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const [byte] = take(1)
      value |= BigInt(byte & 127) << shift
      if (byte < 128) return Number(BigInt.asIntN(64, value))
    }
    throw new Error(`a number at byte ${at} does not end`)
  }
  while (at < message.length) {
    const tag = whole()
    const number = Math.floor(tag / 8)
    const type = tag & 7
    if (type === 0) put(fields.integers, number, whole())
    else if (type === 1) put(fields.bytes, number, take(8))
    else if (type === 2) put(fields.bytes, number, take(whole()))
    else if (type === 5) put(fields.bytes, number, take(4))
    else throw new Error(`a field at byte ${at} is of a kind that there is not`)
  }
  return fields
}

/** Texts, whole numbers and messages under a number, in their order. */
export const texts = ({ bytes }: Fields, number: number): string[] =>
  (bytes.get(number) ?? []).map((value) => new TextDecoder().decode(value))
export const integersOf = ({ integers }: Fields, number: number): number[] => integers.get(number) ?? []
export const messages = ({ bytes }: Fields, number: number): Fields[] => (bytes.get(number) ?? []).map(fieldsOf)
