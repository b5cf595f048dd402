import { expect, test } from 'vitest'
import { labPlaces, machinePlaces, runPlaces } from './places.ts'
import { routes } from './routes.ts'

/** New experiment has a button of its own in the rail, the guide one in the bar; the place of an analysis follows from its kind. */
const elsewhere = ['new', 'guide', 'analysis']

test('every view stands in the rail: its own place, or that of the list it is opened from', () => {
  const places = new Set([...labPlaces, ...runPlaces, ...machinePlaces].map(({ route }) => route))
  expect(routes.filter(({ name, under = name }) => !places.has(under) && !elsewhere.includes(name)).map(({ name }) => name)).toEqual([])
})
