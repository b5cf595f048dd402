import { expect, it } from 'vitest'
import type { Chart } from '../../analyses/analysis.ts'
import { chartLines } from './chart-lines.ts'

const line = { name: 'Mixture', x: [0, 1], y: [0.5, 0.25], within: [{ low: 0.4, high: 0.6 }, null] }
const chart = (unit?: 'share'): Extract<Chart, { kind: 'lines' }> => ({
  ...{ kind: 'lines', title: 'Loss', x: 'severity', lines: [line, { name: 'Guide', x: [0, 1], y: [0, 1], dashed: true }] },
  ...(unit === undefined ? {} : { unit }),
})
const told = (unit?: 'share') => chartLines(chart(unit)).map(({ told: tell, values }) => [0, 1].map((at) => tell?.(values[at], at)))

it('are told in the unit of their chart, with the interval where there is one', () => {
  expect(told('share')).toEqual([
    ['50.0\u00a0% [40.0,\u00a060.0]', '25.00\u00a0%'],
    ['', ''],
  ])
  expect(told()).toEqual([
    ['0.50 [0.40,\u00a00.60]', '0.25'],
    ['', ''],
  ])
})
