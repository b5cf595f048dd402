import { describe, expect, it } from 'vitest'
import { LastWords } from './last-words.ts'

describe('last words', () => {
  it('are the last lines, put together from pieces, without the banner', () => {
    const words = new LastWords(2)
    for (const piece of ['first\nI0000 oneDNN custom oper', 'ations are on.\nsec', 'ond\n\nthird\nunfin', 'ished']) words.add(piece)
    expect(words.text).toBe('second\nthird\nunfinished')
  })

  it('stay small, whatever is printed', () => {
    const words = new LastWords(3)
    for (let i = 0; i < 1000; i++) words.add('x'.repeat(1000))
    words.add('\n')
    for (let i = 0; i < 1000; i++) words.add(`${'y'.repeat(5000)}\n`)
    expect(words.text.length).toBeLessThan(10_000)
  })
})
