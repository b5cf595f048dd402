import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cacheFolder } from './cache.ts'
import { withLock } from './lock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-lock-'))
  path = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

const mustNotWait = () => {
  throw new Error('had to wait')
}

describe('withLock', () => {
  it('lets one in at a time', async () => {
    let inside = 0
    let most = 0
    const work = async () => {
      most = Math.max(most, ++inside)
      await new Promise((resolve) => setTimeout(resolve, 20))
      inside--
    }
    let waits = 0
    await Promise.all([withLock(path, mustNotWait, work), withLock(path, () => waits++, work)])
    expect(most).toBe(1)
    expect(waits).toBe(1)
  })

  it('is free again after a failure', async () => {
    await expect(withLock(path, mustNotWait, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(existsSync(path)).toBe(false)
  })

  it('takes over from the dead', async () => {
    writeFileSync(path, '999999999')
    expect(
      await withLock(
        path,
        () => undefined,
        () => Promise.resolve(7),
      ),
    ).toBe(7)
  })
})

describe('cacheFolder', () => {
  it('prefers the own variable, then the shared one', () => {
    expect(cacheFolder({ WEIGHTSCAPE_CACHE: '/a', XDG_CACHE_HOME: '/b' })).toBe('/a')
    expect(cacheFolder({ WEIGHTSCAPE_CACHE: '', XDG_CACHE_HOME: '/b' })).toBe(join('/b', 'weightscape'))
    expect(cacheFolder({})).toMatch(/\.cache.weightscape$/)
  })
})
