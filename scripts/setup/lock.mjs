/**
 * One set-up at a time: a lock file that names its holder and is touched while it is held, so that the
 * lock of a killed process is recognized (its process is gone, or it was not touched for a minute).
 */
import { readFileSync } from 'node:fs'
import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Milliseconds without a touch after which a holder is taken for dead. */
const ABANDONED = 60_000
const TOUCH = 5_000
const POLL = 200

/**
 * Runs work while holding the lock; waits for another holder, saying so once.
 * @template T
 * @param {string} path the lock file
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, say, work) {
  await mkdir(dirname(path), { recursive: true })
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started: Date.now() })
  for (let told = false; !(await tryCreate(path, mine));) {
    if (await isAbandoned(path)) {
      await removeAbandoned(path)
      continue
    }
    if (!told) say(`Another set-up is at work (${path}); waiting for it.`)
    told = true
    await sleep(POLL)
  }
  const release = async () => {
    // Not ours any more if this process slept so long that another took the lock for abandoned.
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true })
  }
  const touch = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => {})
  }, TOUCH)
  touch.unref()
  try {
    return await work()
  } finally {
    clearInterval(touch)
    await release()
  }
}

/**
 * @param {string} path
 * @param {string} content
 */
async function tryCreate(path, content) {
  try {
    const file = await open(path, 'wx')
    await file.writeFile(content)
    await file.close()
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @param {string} path
 * @returns {Promise<boolean>}
 */
async function isAbandoned(path) {
  const found = await stat(path).catch(() => null)
  if (found === null) return false
  if (Date.now() - found.mtimeMs > ABANDONED) return true
  try {
    const holder = /** @type {{ pid: number, host: string }} */ (JSON.parse(await readFile(path, 'utf8')))
    return holder.host === hostname() && !isRunning(holder.pid)
  } catch {
    return false // being written at this moment, or released
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
  try {
    // A killed process that its parent has not collected yet still answers to signal 0.
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return true
  }
}

/**
 * Removing needs a lock of its own: of two that saw the same abandoned lock, the second must not remove
 * the one that the first has taken since.
 * @param {string} path
 */
async function removeAbandoned(path) {
  const guard = `${path}.removing`
  if (!(await tryCreate(guard, ''))) {
    const found = await stat(guard).catch(() => null)
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED) await rm(guard, { force: true })
    await sleep(POLL)
    return
  }
  try {
    if (await isAbandoned(path)) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}
