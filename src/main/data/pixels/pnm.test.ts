import { expect, test } from 'vitest'
import { previewFolder } from '../testing/imports.ts'
import { drawn } from '../testing/pictures.ts'
import { all, classesOf, classOf, codes } from '../testing/three-classes.ts'
import { isPnm, readPnm } from './pnm.ts'

const pnm = (head: string, pixels: ArrayLike<number>): Uint8Array => Buffer.concat([Buffer.from(head), Uint8Array.from(pixels)])

test('grey and colour, with remarks, and of another brightest value', () => {
  expect(readPnm(pnm('P5\n# a remark\n2 1 # another\n255\n', [7, 255]))).toEqual({
    data: Buffer.from([7, 255]),
    height: 1,
    width: 2,
    channels: 1,
  })
  expect([...readPnm(pnm('P6 1 1 15\n', [0, 5, 15])).data]).toEqual([0, 85, 255])
  // Brighter than the brightest is white.
  expect([...readPnm(pnm('P5 2 1 100\n', [50, 200])).data]).toEqual([128, 255])
})

test.each([
  ['P5\n2 2\n255\n', [1, 2, 3], /ends after 3 of 4 bytes/],
  ['P5\n2 2\n65535\n', all(8, Number), /16 bits; 8 bits are read/],
  ['P5\n0 2\n255\n', [], /declares 2 x 0 pixels/],
  ['P5\n2 x\n255\n', [], /its header is damaged/],
])('what is wrong is said: %j', (head, pixels, message) => {
  expect(() => readPnm(pnm(head, pixels))).toThrow(message)
})

test('text that begins so is none', () => {
  expect(isPnm(Buffer.from('P5000 words'))).toBe(false)
})

test("class folders of them, as ORL's faces come", async () => {
  const files = all(30, (i) => ({ name: `${classOf(i)}/${Math.floor(i / 3)}.pgm`, bytes: pnm('P5\n12 12\n255\n', drawn(i % 3, i)) }))
  const found = await previewFolder(files)
  expect(codes(found)).toEqual([])
  expect(classesOf(found)).toEqual({ cat: 10, dog: 10, eel: 10 })
})
