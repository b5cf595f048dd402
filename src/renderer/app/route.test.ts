import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { address, match } from './route.ts'

describe('routes', () => {
  it('give their parts', () => {
    expect(match('/runs/:run/manifold', '/runs/calm-otter/manifold')).toEqual({ run: 'calm-otter' })
    expect(match('/', '/')).toEqual({})
  })

  it('do not match longer, shorter or other paths', () => {
    expect(match('/runs/:run', '/runs')).toBeNull()
    expect(match('/runs/:run', '/runs/a/b')).toBeNull()
    expect(match('/runs/:run', '/data/a')).toBeNull()
  })

  it('lead back to any name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (run) => {
        expect(match('/runs/:run/x', address('/runs/:run/x', { run }))).toEqual({ run })
      }),
    )
  })

  it('take a stray percent sign as it is', () => {
    expect(match('/data/:hash', '/data/50%')).toEqual({ hash: '50%' })
  })
})
