import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { withLock } from './lock.mjs'
import { temporaryFolder } from './temporary.mjs'

/**
 * Starts n holders at once.
 * @param {string} path
 * @param {number} n
 * @returns {Promise<number>} most that were inside together
 */
async function mostInside(path, n) {
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await sleep(5)
    inside--
  }
  await Promise.all(Array.from({ length: n }, () => withLock(path, () => {}, work)))
  return most
}

describe('the lock', () => {
  it('lets one in at a time, tells those who wait, and leaves nothing', async () => {
    const path = join(await temporaryFolder(), 'a.lock')
    /** @type {string[]} */
    const said = []
    const first = withLock(
      path,
      (line) => said.push(line),
      () => sleep(300),
    )
    await sleep(50)
    await withLock(
      path,
      (line) => said.push(line),
      async () => {},
    )
    await first
    expect(said).toHaveLength(1)
    expect(await mostInside(path, 4)).toBe(1)
    expect(existsSync(path)).toBe(false)
  })

  it('is released when the work fails', async () => {
    const path = join(await temporaryFolder(), 'a.lock')
    await expect(
      withLock(
        path,
        () => {},
        () => Promise.reject(new Error('no')),
      ),
    ).rejects.toThrow('no')
    expect(existsSync(path)).toBe(false)
  })

  it('is taken over from a process that was killed, by one of those who wait', async () => {
    const path = join(await temporaryFolder(), 'a.lock')
    const module = new URL('lock.mjs', import.meta.url).href
    const holder = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { withLock } from '${module}'
       await withLock(${JSON.stringify(path)}, () => {}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)) })`,
    ])
    await once(holder.stdout, 'data')
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    expect(existsSync(path)).toBe(true)
    expect(await mostInside(path, 4)).toBe(1)
  })

  it('is taken over from another machine that has not touched it for long', async () => {
    const path = join(await temporaryFolder(), 'a.lock')
    await writeFile(path, JSON.stringify({ pid: 1, host: 'another-machine', started: 0 }))
    const old = new Date(Date.now() - 120_000)
    await utimes(path, old, old)
    expect(await mostInside(path, 2)).toBe(1)
  })
})
