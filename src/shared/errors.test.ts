import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defect, LabError, messageOf, readStoredError, toErrorValue } from './errors.ts'

describe('an error that was stored', () => {
  it('by an older version has the code of today', () => {
    expect(readStoredError({ code: 'wrong-use', message: 'm', remedy: 'r' })).toEqual({
      code: 'invalid-argument',
      message: 'm',
      remedy: 'r',
    })
  })

  it('by this version is read as it stands', () => {
    const stored = { code: 'disk', message: 'm', remedy: 'r' }
    expect(readStoredError(stored)).toEqual(stored)
  })
})

describe('whatever is thrown', () => {
  const value = { code: 'disk', message: 'The disk is full.', remedy: 'Free some space.', help: { action: 'resume', run: 'a' } } as const
  const error = LabError.from(value)

  it('keeps its sentence: an error, what is left of it behind a channel, one among several', () => {
    expect(toErrorValue(error)).toEqual(value)
    expect(toErrorValue(value)).toEqual(value)
    expect(toErrorValue(Object.assign(new Error(value.message), value))).toEqual(value)
    expect(toErrorValue(new AggregateError([new Error('x'), error]))).toEqual(value)
  })

  it('is a sentence of ours where nobody foresaw it, with what a report of it needs apart', () => {
    for (const thrown of ['oh', undefined, null, {}, Symbol('s'), new AggregateError([]), z.string().safeParse(1).error]) {
      const { code, message, details } = toErrorValue(thrown)
      expect({ code, message }).toEqual({ code: 'internal', message: expect.stringMatching(/^Weightscape met a fault/) as string })
      expect(details).toBeTruthy()
    }
    const fault = toErrorValue(new TypeError("Cannot read properties of undefined (reading 'x')"))
    expect(`${fault.message} ${fault.remedy}`).not.toContain('Cannot read')
    expect(fault.details).toContain('Cannot read properties')
    expect(toErrorValue(LabError.from(fault))).toEqual(fault)
    expect(toErrorValue(defect('It broke.'))).not.toHaveProperty('details')
    expect(toErrorValue(new RangeError('Invalid array length'))).toMatchObject({ code: 'memory' })
  })

  it('never shows as the name of an object', () => {
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        const { message, remedy } = toErrorValue(thrown)
        expect(`${message} ${remedy} ${messageOf(thrown)}`).not.toMatch(/\[object /)
      }),
      { examples: [[{ toString: 1 }], [[{}]], [new Map()]] },
    )
  })

  it('says within a sentence what it is about, but nothing in the words of a program', () => {
    expect(messageOf(new Error('no such file'))).toBe('no such file')
    expect(messageOf(value)).toBe('The disk is full.')
    expect(messageOf('The disk is full')).toBe('The disk is full')
    expect(messageOf(new AggregateError([new Error('a'), new Error('b'), new Error('a')]))).toBe('a; b')
    expect(messageOf(new TypeError('x is not a function'))).not.toContain('function')
    expect(messageOf(new RangeError('Invalid array length'))).not.toContain('array')
  })
})
