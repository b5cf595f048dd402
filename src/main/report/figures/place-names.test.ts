import { expect, it } from 'vitest'
import { placeNames } from './place-names.ts'

it('at the edge stand at a corner of their point where another is beside it', () => {
  const points = [
    { name: 'λ 100, η 0.003', x: 300, y: 50 },
    { name: 'λ 1,000, η 0.0006', x: 396, y: 58 },
  ]
  expect(placeNames(points, 400)).toEqual([
    { dx: 0, dy: -11, textAnchor: 'middle' },
    { dx: -4, dy: 12, textAnchor: 'end' },
  ])
})

it('names stand above their points, and inwards at an edge', () => {
  const [middle, left, right] = placeNames(
    [
      { name: 'middle', x: 200, y: 50 },
      { name: 'λ 10000', x: 2, y: 90 },
      { name: 'λ 100', x: 398, y: 90 },
    ],
    400,
  )
  expect(middle).toMatchObject({ dy: -11, textAnchor: 'middle' })
  expect(left).toMatchObject({ textAnchor: 'start' })
  expect(right).toMatchObject({ textAnchor: 'end' })
})

it('no two lie over each other, and what has no room is left out', () => {
  const points = Array.from({ length: 12 }, (_, at) => ({ name: 'λ 1000, η 0.001', x: 200 + 3 * at, y: 60 + at }))
  const found = placeNames(points, 400)
  expect(found).toContain(null)
  expect(found.filter((place) => place !== null).length).toBeGreaterThan(1)
  const boxes = found.flatMap((place, at) => {
    if (place === null) return []
    const wide = 6.5 * points[at].name.length
    const left = points[at].x + place.dx - { start: 0, middle: wide / 2, end: wide }[place.textAnchor]
    return [{ left, right: left + wide, y: points[at].y + place.dy }]
  })
  for (const [at, a] of boxes.entries())
    for (const b of boxes.slice(at + 1)) expect(a.left >= b.right || b.left >= a.right || Math.abs(a.y - b.y) >= 13).toBe(true)
})
