import { describe, expect, it } from 'vitest'
import { cacheFolder } from './context.mjs'

describe('the per-user cache', () => {
  it('is where each platform keeps such things', () => {
    expect(cacheFolder({}, 'linux', '/home/a')).toBe('/home/a/.cache/weightscape')
    expect(cacheFolder({ XDG_CACHE_HOME: '/scratch/a' }, 'linux', '/home/a')).toBe('/scratch/a/weightscape')
    expect(cacheFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Caches/weightscape')
  })

  it('is where WEIGHTSCAPE_CACHE says', () => {
    expect(cacheFolder({ WEIGHTSCAPE_CACHE: '/big/disk', XDG_CACHE_HOME: '/scratch' }, 'linux', '/home/a')).toBe('/big/disk')
  })
})
