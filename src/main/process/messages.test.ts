import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { check, fromChild, type FromChild } from './messages.ts'

const messages: FromChild[] = [
  { type: 'heartbeat', residentBytes: 5 },
  { type: 'event', id: 1, event: { done: 1 } },
  { type: 'result', id: 1, result: new Float32Array(3) },
  { type: 'failed', id: 1, error: { code: 'diverged', message: 'NaN.', remedy: 'Fork.' } },
]

describe('messages of a child', () => {
  it('pass as they are', () => {
    for (const message of messages) expect(check(fromChild, message)).toEqual(message)
  })

  it('are refused when what belongs to the channel is missing or of another kind', () => {
    const spoiled = fc.record({
      message: fc.constantFrom(...messages),
      key: fc.constantFrom('type', 'id', 'residentBytes'),
      value: fc.constantFrom(undefined, null, 'x', [], -1.5),
    })
    fc.assert(
      fc.property(spoiled, ({ message, key, value }) => {
        expect(() => check(fromChild, { ...message, [key]: value })).toThrow()
      }),
    )
  })

  it('are refused when they are anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => check(fromChild, value)).toThrow()
      }),
    )
  })
})
