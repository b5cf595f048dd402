/** The little of Protocol Buffers' wire format that writing a model takes (protobuf.dev, "Encoding"). */

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
