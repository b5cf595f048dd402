/** How much memory another process holds. */
import { readFile } from 'node:fs/promises'

/** The kernel's pages: 4 KiB wherever Node runs on Linux, but for some ARM servers, where more is counted than there is. */
const pageBytes = 4096

/** Resident memory of a process, bytes; null where it cannot be told (it is gone, or this is no Linux). */
export async function residentBytes(pid: number | undefined): Promise<number | null> {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const resident = Number((await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ')[1])
    return Number.isFinite(resident) ? resident * pageBytes : null
  } catch {
    return null
  }
}
