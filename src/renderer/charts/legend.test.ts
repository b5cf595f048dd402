/** What stands in a legend: of each line its own value where the cursor is. */
import { expect, it } from 'vitest'
import { shown } from '../testing/shown.ts'
import Legend from './Legend.svelte'
import type { Line } from './lines.ts'

const line = (name: string, steps: number[], more: Partial<Line> = {}): Line => ({
  ...{ name, steps, values: steps.map((step) => step / 100), colour: 1 },
  ...more,
})
const lines = [
  line('quick', [100, 200, 300]),
  line('slow', [100, 200, 300, 400], { told: (value, at) => `${value} of point ${at}` }),
  line('empty', []),
]
const told = (at: number | null, isCourse = true) =>
  shown(Legend, { title: 'Loss', lines, at, slack: 0, isCourse, format: (value: number) => value.toFixed(2), explanation: undefined }).items

it('is the nearest point of each line, where it has one there', () => {
  expect(told(210)).toEqual(['quick 2.00', 'slow 2 of point 1', 'empty \u2013'])
  expect(told(400)).toEqual(['quick \u2013', 'slow 4 of point 3', 'empty \u2013'])
})

it('at rest is the last of each course, and nothing of what is none', () => {
  expect(told(null)).toEqual(['quick 3.00', 'slow 4 of point 3', 'empty \u2013'])
  expect(told(null, false)).toEqual(['quick', 'slow', 'empty'])
})
