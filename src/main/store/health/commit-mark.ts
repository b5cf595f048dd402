/**
 * What the database last was, in a small file beside it: SQLite takes the damaged or missing end of a log for the end of
 * what was committed, and says nothing. Two slots are written in turn, each with its checksum, so that one is always whole.
 * Not synced with each commit: after a power cut it may tell of fewer commits than there were, never of more.
 */
import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { fromChecksummedJson, toChecksummedJson } from '../files/checksummed-json.ts'
import { syncFolder } from '../files/files.ts'

export interface CommitMark {
  /** Counts writings of this file: the slot with the greater one is newer. */
  serial: number
  /** Transactions that were committed, as `commit_count` has it. */
  commits: number
  /** Frames of the log that are being copied into the database; 0: none are. Without them its pages are of different times. */
  copying: number
  /** CRC-32 of the database file since it was closed in order; null: it is open, or was not. */
  closed: number | null
}

const slotBytes = 128
const name = 'commit-mark'

/** The mark of a data folder; null: there is none that can be read. */
export function readCommitMark(dataDir: string): CommitMark | null {
  let text: string
  try {
    text = readFileSync(join(dataDir, name), 'latin1')
  } catch {
    return null
  }
  const slots = [text.slice(0, slotBytes), text.slice(slotBytes)].flatMap((slot) => {
    try {
      return [fromChecksummedJson<CommitMark>(slot.trimEnd(), 'The commit mark')]
    } catch {
      return []
    }
  })
  return slots.sort((a, b) => b.serial - a.serial).at(0) ?? null
}

export interface CommitMarker {
  /** Writes what changed. A disk that does not take it leaves an older mark, which asks for less. */
  write(changes: Partial<Omit<CommitMark, 'serial'>>): void
  close(): void
}

/** @param commits that the database has */
export function openCommitMark(dataDir: string, commits: number): CommitMarker {
  const path = join(dataDir, name)
  let isNamed = existsSync(path)
  const file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600)
  let mark: CommitMark = { serial: 0, copying: 0, closed: null, ...readCommitMark(dataDir), commits }
  const marker: CommitMarker = {
    write(changes) {
      mark = { ...mark, ...changes, serial: mark.serial + 1 }
      const slot = Buffer.from(`${toChecksummedJson(mark).padEnd(slotBytes - 1)}\n`, 'latin1')
      try {
        writeSync(file, slot, 0, slotBytes, (mark.serial % 2) * slotBytes)
        // Once the log is copied it is begun anew, and is shorter than what an older mark asks for.
        if (mark.closed !== null || changes.copying === 0 || !isNamed) fsyncSync(file)
        if (!isNamed) syncFolder(dataDir)
        isNamed = true
      } catch {
        return
      }
    },
    close: () => closeSync(file),
  }
  // Without any mark what a power cut leaves of an import would pass for what the database has lost.
  if (!isNamed) marker.write({})
  return marker
}

/** CRC-32 of a file: 75 MB take 24 ms of processor time, SHA-256 would take 210. */
export function checksumOf(path: string): number {
  const file = openSync(path, 'r')
  try {
    const piece = Buffer.allocUnsafe(4 << 20)
    let sum = 0
    for (;;) {
      const read = readSync(file, piece)
      if (read === 0) return sum
      sum = crc32(piece.subarray(0, read), sum)
    }
  } finally {
    closeSync(file)
  }
}
