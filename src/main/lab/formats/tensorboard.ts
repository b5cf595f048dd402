/**
 * Curves as a file of events that TensorBoard reads: records of TFRecord (length, its checksum, data, its checksum), each an
 * Event of one scalar (event.proto: wall_time 1, step 2, file_version 3, summary 5; summary.proto: value 1 with tag 1, simple_value 2).
 */
import { bytesField, doubleField, floatField, integerField, join } from '../../../shared/protobuf.ts'

export interface Scalar {
  tag: string
  step: number
  value: number
  /** Milliseconds since the epoch. */
  at: number
}

/** The bytes of the file. */
export function eventFile(scalars: readonly Scalar[]): Uint8Array {
  const seconds = (at: number) => doubleField(1, at / 1000)
  const first = join([seconds(scalars.at(0)?.at ?? 0), bytesField(3, 'brain.Event:2')])
  const events = scalars.map(({ tag, step, value, at }) =>
    join([seconds(at), integerField(2, step), bytesField(5, bytesField(1, join([bytesField(1, tag), floatField(2, value)])))]),
  )
  return join([first, ...events].map(record))
}

function record(data: Uint8Array): Uint8Array {
  const length = new Uint8Array(BigUint64Array.of(BigInt(data.length)).buffer)
  return join([length, checksum(length), data, checksum(data)])
}

/** CRC-32C (Castagnoli, reflected), masked as TFRecord has it. */
function checksum(bytes: Uint8Array): Uint8Array {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]
  crc = ~crc >>> 0
  return new Uint8Array(Uint32Array.of((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0).buffer)
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  return crc
})
