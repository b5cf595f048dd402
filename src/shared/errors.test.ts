import { describe, expect, it } from 'vitest'
import { readStoredError } from './errors.ts'

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
