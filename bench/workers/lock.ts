/** A lock between processes of one user: a file that holds the process id of its owner. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Runs `work` while holding the lock at `path`; waits for whoever else holds it, and takes it over from the dead.
 * @param onWait called once when it has to wait
 */
export async function withLock<T>(path: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  for (let waited = false; !take(path); waited = true) {
    if (!waited) onWait()
    await wait(500)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
  }
  if (ownerLives(path)) return false
  rmSync(path, { force: true })
  return false
}

function ownerLives(path: string): boolean {
  try {
    const owner = Number(readFileSync(path, 'utf8'))
    // A file just made may still be empty; an owner of 0 would be this process's whole group.
    if (!(owner > 0)) return true
    process.kill(owner, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
