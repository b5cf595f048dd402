import { expect, it } from 'vitest'
import { channelDoubt, pixelOrderDoubt, planesOf, rowLayout, squareOf } from './shapes.ts'

it.each<[shape: number[], height: number, width: number, channels: number, channelsFirst: boolean]>([
  [[9, 20, 30], 20, 30, 1, false],
  [[9, 20, 30, 3], 20, 30, 3, false],
  [[9, 3, 20, 30], 20, 30, 3, true],
  [[9, 20, 30, 4], 20, 30, 4, false],
  [[9, 4, 20, 30], 20, 30, 4, true],
  // Both may be channels: 1 and 3 are likelier than 2 and 4, and the last than the first.
  [[9, 3, 20, 4], 20, 4, 3, true],
  [[9, 1, 20, 2], 20, 2, 1, true],
  [[9, 4, 20, 3], 4, 20, 3, false],
  [[9, 3, 20, 1], 3, 20, 1, false],
  [[9, 4, 20, 4], 4, 20, 4, false],
  [[9, 2, 20, 4], 2, 20, 4, false],
])('an array of %j is images of %d x %d x %d, channels first: %s', (shape, height, width, channels, channelsFirst) => {
  expect(planesOf('x', shape, '')).toEqual({ height, width, channels, channelsFirst })
})

it('an array without channels is refused', () => {
  expect(() => planesOf('x', [9, 5, 20, 30], '')).toThrow(/no dimension can be the channels/)
  expect(() => planesOf('x', [9, 20, 30, 5], '')).toThrow(/no dimension can be the channels/)
})

it('rows are squares, grey before colour before colour with alpha, or as they were chosen', () => {
  expect([16, 48, 64, 144, 48 * 9, 36 * 4 + 1, 0].map(squareOf)).toEqual([
    { height: 4, width: 4, channels: 1 },
    { height: 4, width: 4, channels: 3 },
    { height: 8, width: 8, channels: 1 },
    { height: 12, width: 12, channels: 1 },
    { height: 12, width: 12, channels: 3 },
    null,
    null,
  ])
  expect(squareOf(4 * 25)).toEqual({ height: 10, width: 10, channels: 1 })
  const shape = { height: 2, width: 3, channels: 4 }
  expect(rowLayout(24, { shape }, 'x')).toEqual({ ...shape, channelsFirst: false, columnsFirst: false })
  expect(rowLayout(24, { shape, channels: 'first' }, 'x')).toMatchObject({ channelsFirst: true, columnsFirst: false })
  // Column by column says where channels stand, too.
  expect(rowLayout(24, { shape, channels: 'first', pixelOrder: 'columns' }, 'x')).toMatchObject({
    channelsFirst: false,
    columnsFirst: true,
  })
  expect(() => rowLayout(25, { shape }, 'x')).toThrow(/2 x 3 x 4 has 24 numbers, but an image of x has 25/)
  expect(() => rowLayout(24, {}, 'x')).toThrow(/no square/)
})

it('where the colours of a pixel stand is asked of rows of colour alone, and once', () => {
  const [grey, colour] = [1, 3].map((channels) => ({ height: 2, width: 2, channels }))
  const asked = (of: typeof grey, options: Parameters<typeof channelDoubt>[1]) =>
    [channelDoubt, pixelOrderDoubt].map((doubt) => doubt(of, options).map(({ code, choices }) => [code, choices.map((one) => one.options)]))
  const [columns, rows] = [{ pixelOrder: 'columns' as const }, { pixelOrder: 'rows' as const }]
  const channels = ['channel-order', [{ channels: 'last' }, { channels: 'first' }]]
  expect(asked(grey, {})).toEqual([[], [['pixel-order', [columns, rows]]]])
  expect(asked(colour, {})).toEqual([
    [channels],
    [['pixel-order', [columns, { ...rows, channels: 'first' }, { ...rows, channels: 'last' }]]],
  ])
  expect(asked(colour, rows)[1]).toEqual([channels])
  expect(asked(colour, columns)[1]).toEqual([])
  expect(asked(colour, { channels: 'last' })).toEqual([[], []])
})
