import { expect, it } from 'vitest'
import { eventFile } from './tensorboard.ts'

/** CRC-32C bit by bit, as RFC 3720 has it: no table. */
function castagnoli(bytes: Uint8Array): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}

const masked = (bytes: Uint8Array): number => {
  const crc = castagnoli(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

it('has records that know their checksums', () => {
  expect(castagnoli(Buffer.from('123456789'))).toBe(0xe3069283)
  const file = Buffer.from(
    eventFile([
      { tag: 'loss', step: 1, value: 2.5, at: 1500 },
      { tag: 'sampled/mean', step: 300, value: 0.75, at: 2500 },
    ]),
  )
  const records: Buffer[] = []
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at))
    expect(file.readUInt32LE(at + 8)).toBe(masked(file.subarray(at, at + 8)))
    const data = file.subarray(at + 12, at + 12 + length)
    expect(file.readUInt32LE(at + 12 + length)).toBe(masked(data))
    records.push(data)
    at += 16 + length
  }
  const [first, loss, mean] = records
  expect(records).toHaveLength(3)
  // Fields 1 (double) and 3 (text).
  expect([first[0], first.readDoubleLE(1), first.toString('latin1', 11)]).toEqual([0x09, 1.5, 'brain.Event:2'])
  // Fields 1, 2 (whole number) and 5: a summary of one value with a tag and a float.
  expect([loss[0], loss.readDoubleLE(1), loss[9], loss[10]]).toEqual([0x09, 1.5, 0x10, 1])
  expect(loss.subarray(11)).toEqual(Buffer.from([0x2a, 13, 0x0a, 11, 0x0a, 4, ...Buffer.from('loss'), 0x15, 0, 0, 0x20, 0x40]))
  expect([mean.readDoubleLE(1), mean[10], mean[11], mean.includes('sampled/mean'), mean.readFloatLE(mean.length - 4)]).toEqual([
    2.5,
    0xac,
    2,
    true,
    0.75,
  ])
})
