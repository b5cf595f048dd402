import { expect, it } from 'vitest'
import { shuffledOrder } from './shuffle.ts'

it('is Fisher and Yates’ with mulberry32, as another program computes it', () => {
  // By T. Ettinger's generator written anew in Python, whose first number of seed 1 is 0.6270739405881613.
  expect([...shuffledOrder(12, 1)]).toEqual([4, 10, 2, 6, 9, 3, 1, 11, 8, 5, 0, 7])
  expect([...shuffledOrder(12, 2)]).toEqual([5, 6, 0, 10, 1, 9, 11, 7, 4, 2, 3, 8])
  expect([...shuffledOrder(1, 1)]).toEqual([0])
  expect([...shuffledOrder(0, 1)]).toEqual([])
})
