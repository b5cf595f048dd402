import { describe, expect, it } from 'vitest'
import { OutputTail } from './output-tail.ts'

describe('the tail of an output', () => {
  it('is the last lines, put together from pieces, without the banner', () => {
    const tail = new OutputTail(2)
    for (const piece of ['first\nI0000 oneDNN custom oper', 'ations are on.\nsec', 'ond\n\nthird\nunfin', 'ished']) tail.add(piece)
    expect(tail.text).toBe('second\nthird\nunfinished')
  })

  it('stays small, whatever is printed', () => {
    const tail = new OutputTail(3)
    for (let i = 0; i < 1000; i++) tail.add('x'.repeat(1000))
    tail.add('\n')
    for (let i = 0; i < 1000; i++) tail.add(`${'y'.repeat(5000)}\n`)
    expect(tail.text.length).toBeLessThan(10_000)
  })
})
