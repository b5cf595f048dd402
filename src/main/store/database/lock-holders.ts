/** Which processes have a lock on a file: Linux tells; elsewhere nobody is known. */
import { readFileSync, statSync } from 'node:fs'

export interface LockedBy {
  pid: number
  /** For writing: nobody else may read. */
  exclusive: boolean
}

/** Of other processes than this one; empty: none, or it cannot be known. */
export function lockHolders(path: string): LockedBy[] {
  try {
    const inode = String(statSync(path).ino)
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .flatMap((line): LockedBy[] => {
        // 4: POSIX  ADVISORY  WRITE 7100 fe:00:10060075 1073741824 1073742335
        const [, , , how, pid, place = ''] = line.split(/\s+/)
        if (place.split(':')[2] !== inode || Number(pid) === process.pid) return []
        return [{ pid: Number(pid), exclusive: how === 'WRITE' }]
      })
  } catch {
    return []
  }
}

/** `process 7100 (sqlite3 weightscape.db)` */
export function describeHolders(holders: readonly LockedBy[]): string {
  return [...new Map(holders.map((one) => [one.pid, one])).values()].map(({ pid }) => `process ${pid}${commandOf(pid)}`).join(' and ')
}

function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').join(' ').trim()
    return words === '' ? '' : ` (${words.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 80)})`
  } catch {
    return ''
  }
}
