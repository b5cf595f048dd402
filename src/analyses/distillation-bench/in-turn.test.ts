import { expect, it } from 'vitest'
import { inTurn } from './in-turn.ts'

/** Pieces that take so many milliseconds by a clock of their own. */
function timed(...lengths: number[]) {
  let at = 0
  const order: number[] = []
  const pieces = lengths.map((length, piece) => () => {
    at += length
    order.push(piece)
  })
  // What is done between two pieces is nobody's.
  const rest = () => Promise.resolve((at += 1000)).then(() => undefined)
  return { order, found: inTurn(pieces, { now: () => at, rest }) }
}

it('takes one after the other, again and again, and counts neither the first turn nor what lies between', async () => {
  const { order, found } = timed(3, 7)
  const [first, second] = await found
  expect(first).toEqual(Array<number>(first.length).fill(3))
  expect(second).toEqual(Array<number>(first.length).fill(7))
  expect(order).toEqual(Array.from({ length: first.length + 1 }, () => [0, 1]).flat())
})

it('goes on for a number of turns, or until it has been long enough', async () => {
  let at = 0
  const quick = await inTurn([() => (at += 1)], { now: () => at, rest: () => Promise.resolve() })
  expect(quick[0]).toHaveLength(15)
  const slow = await inTurn([() => (at += 5000)], { now: () => at, rest: () => Promise.resolve() })
  expect(slow[0]).toHaveLength(5)
})
