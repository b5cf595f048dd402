import { describe, expect, it } from 'vitest'
import { fractionCell, inColumn, inColumns, numberCell, percentCell } from './in-columns.ts'

const around = (value: number, half: number) => [value, { low: value - half, high: value + half }] as const
const spaced = (texts: readonly string[]) => texts.map((text) => text.replaceAll('\u00a0', ' '))

describe('figures in a column', () => {
  it('have as many decimals as most of their intervals carry', () => {
    const cells = [around(0.4, 0.13), around(0.76, 0.113), around(0.1, 0.035), around(0.9, 0.085), around(0.5, 0.06)]
    expect(spaced(inColumn(cells.map((cell) => percentCell(...cell))))).toEqual([
      '40.0 % [27.0, 53.0]',
      '76.0 % [64.7, 87.3]',
      '10.0 % [6.5, 13.5]',
      '90.0 % [81.5, 98.5]',
      '50.0 % [44.0, 56.0]',
    ])
    const mostly = [...Array.from({ length: 4 }, () => around(0.4, 0.13)), around(0.1, 0.05)]
    expect(spaced(inColumn(mostly.map((cell) => percentCell(...cell))))).toEqual([
      ...Array<string>(4).fill('40 % [27, 53]'),
      '10 % [5, 15]',
    ])
  })

  it('leave the narrowest interval a digit', () => {
    const wide = Array<ReturnType<typeof around>>(3).fill(around(0.5, 0.2))
    expect(spaced(inColumn([...wide, around(0.9, 0.002)].map((cell) => percentCell(...cell)))).at(-1)).toBe('90.0 % [89.8, 90.2]')
  })

  it('that have no interval follow the others, and say why', () => {
    const cells = [numberCell(...around(1.234, 0.012)), numberCell(0.5, null, '[none]'), numberCell(2, null, '', ' of 3')]
    expect(spaced(inColumn(cells))).toEqual(['1.234 [1.222, 1.246]', '0.500 [none]', '2.000 of 3'])
    expect(spaced(inColumn([percentCell(0.5), percentCell(0.123456)]))).toEqual(['50.00 %', '12.35 %'])
    expect(inColumn([fractionCell(0.5), fractionCell(...around(0.5, 0.0012))])).toEqual(['0.5000', '0.5000 [0.4988,\u00a00.5012]'])
  })

  it('without any interval show the largest in four digits and the least in two', () => {
    expect(inColumn([1.538, 0.2326, -1.305].map((value) => numberCell(value)))).toEqual(['1.538', '0.233', '\u22121.305'])
    expect(inColumn([1.5398, 0.00214, 0].map((value) => numberCell(value)))).toEqual(['1.5398', '0.0021', '0.0000'])
    expect(inColumn([2830, 12].map((value) => numberCell(value)))).toEqual(['2,830', '12'])
    // Too far apart for one notation: each has its own.
    expect(inColumn([1e-9, 1].map((value) => numberCell(value)))).toEqual(['1.000e\u22129', '1'])
  })

  it('leave texts, and what is no number, as they are', () => {
    expect(inColumn(['', numberCell(NaN), numberCell(1.5)])).toEqual(['', 'NaN', '1.500'])
    expect(inColumns([])).toEqual([])
    expect(
      inColumns([
        ['a', numberCell(1.5)],
        ['b', '–'],
        ['c', numberCell(0.25)],
      ]),
    ).toEqual([
      ['a', '1.500'],
      ['b', '–'],
      ['c', '0.250'],
    ])
  })

  it('decide for themselves, whatever stands in another column', () => {
    expect(inColumns([[numberCell(1.5), numberCell(150)]])).toEqual([['1.500', '150.0']])
  })
})
