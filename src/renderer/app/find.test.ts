import { describe, expect, it } from 'vitest'
import { fit } from './find.ts'

describe('finding', () => {
  it('wants every word', () => {
    expect(fit('New experiment', 'new exp')).toBeGreaterThan(0)
    expect(fit('New experiment', 'new data')).toBe(0)
  })

  it('prefers beginnings', () => {
    expect(fit('calm-otter', 'calm')).toBeGreaterThan(fit('not-calm', 'calm'))
    expect(fit('calm-otter', 'ott')).toBeGreaterThan(fit('calm-otter', 'tte'))
  })

  it('takes signs as they are', () => {
    expect(fit('a+b (c)', '(c')).toBeGreaterThan(0)
    expect(fit('abc', 'a.c')).toBe(0)
  })

  it('finds everything with nothing typed', () => {
    expect(fit('anything', '  ')).toBeGreaterThan(0)
  })
})
