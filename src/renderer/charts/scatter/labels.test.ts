import { expect, it } from 'vitest'
import { apart } from './labels.ts'

it('leaves out labels that would lie over those before them', () => {
  const places = [
    { x: 0, y: 0 },
    { x: 10, y: 5 },
    { x: 16, y: 0 },
    { x: 10, y: 14 },
  ]
  const labels = places.map((_, index) => ({ index, text: `1${index}` }))
  expect(apart(labels, (index) => places[index])).toEqual([
    { index: 0, text: '10', x: 0, y: 0 },
    { index: 2, text: '12', x: 16, y: 0 },
    { index: 3, text: '13', x: 10, y: 14 },
  ])
})
