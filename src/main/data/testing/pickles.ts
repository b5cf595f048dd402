/** Pickles made for tests, word by word, as Python's protocols 2 and 4 write them. */

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

const word = (code: number, ...parts: (Buffer | Uint8Array)[]): Buffer => Buffer.concat([Buffer.from([code]), ...parts])
export const text = (value: string): Buffer => word(0x58, u32(Buffer.byteLength(value)), Buffer.from(value))
export const bytes = (value: Uint8Array): Buffer => word(0x42, u32(value.length), value)
/** What Python 2 calls a string: bytes. */
export const oldText = (value: string): Buffer => word(0x55, Buffer.from([value.length]), Buffer.from(value, 'latin1'))
export const whole = (value: number): Buffer => word(0x4a, u32(value))
export const list = (items: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from([0x5d, 0x28]), ...items, Buffer.from([0x65])])
export const tuple = (items: readonly Buffer[]): Buffer => Buffer.concat([Buffer.from([0x28]), ...items, Buffer.from([0x74])])
export const dictionary = (items: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([Buffer.from([0x7d, 0x28]), ...items.flat(), Buffer.from([0x75])])
export const named = (module: string, item: string): Buffer => Buffer.from(`c${module}\n${item}\n`, 'latin1')
export const called = (what: Buffer, values: Buffer): Buffer => Buffer.concat([what, values, Buffer.from([0x52])])
const filled = (what: Buffer, state: Buffer): Buffer => Buffer.concat([what, state, Buffer.from([0x62])])

/** A numpy array, as numpy's own `__reduce__` says. */
export function array(shape: readonly number[], data: Uint8Array, type = 'u1'): Buffer {
  const blank = called(named('numpy.core.multiarray', '_reconstruct'), tuple([named('numpy', 'ndarray'), tuple([whole(0)]), oldText('b')]))
  const dtype = filled(
    called(named('numpy', 'dtype'), tuple([oldText(type), whole(0), whole(1)])),
    tuple([
      whole(3),
      oldText('|'),
      Buffer.from([0x4e]),
      Buffer.from([0x4e]),
      Buffer.from([0x4e]),
      whole(-1 >>> 0),
      whole(-1 >>> 0),
      whole(0),
    ]),
  )
  return filled(blank, tuple([whole(1), tuple(shape.map(whole)), dtype, Buffer.from([0x89]), bytes(data)]))
}

export function pickle(value: Buffer, protocol = 2): Buffer {
  return Buffer.concat([Buffer.from([0x80, protocol]), value, Buffer.from([0x2e])])
}
