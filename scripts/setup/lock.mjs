/**
 * One set-up at a time: a lock file that names its holder and is touched while it is held, so that the
 * lock of a killed process is recognized (its process is gone, or it was not touched for a minute).
 */
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
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
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), started: performance.timeOrigin + performance.now() })
  for (let told = false; !(await tryCreate(path, mine));) {
    if (await isAbandoned(path)) {
      // Of two that saw the same abandoned lock, the second must not remove the one that the first has taken since.
      await withLock(
        `${path}.removing`,
        () => {},
        async () => {
          if (await isAbandoned(path)) await rm(path, { force: true })
        },
      )
      continue
    }
    if (!told) say(`Another set-up is at work (${path}); waiting for it.`)
    told = true
    await sleep(POLL)
  }
  const touch = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), TOUCH).unref()
  try {
    return await work()
  } finally {
    clearInterval(touch)
    // Not ours any more if this process slept so long that another took the lock for abandoned.
    if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true })
  }
}

/**
 * @param {string} path
 * @param {string} content
 */
async function tryCreate(path, content) {
  try {
    await writeFile(path, content, { flag: 'wx' })
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
  try {
    if (Date.now() - (await stat(path)).mtimeMs > ABANDONED) return true
    const holder = /** @type {{ pid: number, host: string }} */ (JSON.parse(await readFile(path, 'utf8')))
    return holder.host === hostname() && !isRunning(holder.pid)
  } catch {
    return false // being written at this moment, or released
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
