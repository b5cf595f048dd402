/** Small disks of their own, for tests of what is full or gone. Real ones, so it needs the right to mount. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../failures.ts'

export interface SmallDisk {
  folder: string
  /** Unmounts it, with all that is on it. */
  remove(): void
}

/** A disk of some MiB in the folder of temporary things. @throws Error where this process may not mount */
export function mountDisk(mebibytes: number): SmallDisk {
  const folder = join(process.env['TMPDIR'] ?? '/tmp', `weightscape-disk-${process.pid}-${Math.trunc(performance.now() * 1000)}`)
  mkdirSync(folder)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder], { stdio: 'pipe' })
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
  return {
    folder,
    remove() {
      execFileSync('umount', ['-l', folder], { stdio: 'pipe' })
      rmSync(folder, { recursive: true })
    },
  }
}

/** Whether this process may mount; null, or why not. */
export function cannotMount(): string | null {
  if (process.platform !== 'linux') return 'no tmpfs on this system'
  if (process.getuid?.() !== 0) return 'not root'
  try {
    mountDisk(1).remove()
    return null
  } catch (error) {
    return error instanceof Error ? error.message.split('\n')[0] : String(error)
  }
}

/** Fills the disk of a folder but for some bytes. @returns the file that takes the room: removed, there is room again */
export function fillDisk(folder: string, left: number): string {
  const { bavail, bsize } = statfsSync(folder)
  const ballast = join(folder, 'ballast')
  try {
    writeFileSync(ballast, Buffer.alloc(Math.max(bavail * bsize - left, 0)))
  } catch (error) {
    // Somebody else wrote there meanwhile: it is as full as can be.
    if (codeOf(error) !== 'ENOSPC') throw error
  }
  return ballast
}
