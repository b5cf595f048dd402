/** Keeps count of commits, inside the database and beside it, and copies the log into the database when it has grown. */
import { existsSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import type { CommitFollower } from '../database/database.ts'
import { checksumOf, openCommitMark } from './commit-mark.ts'

/** Frames (4 kB) after which the log is copied: SQLite's own default. */
const framesAtMost = 1000

interface LogState {
  log: number
  checkpointed: number
}

/** @param afterCommit what else is to be done then */
export function followCommits(dataDir: string, raw: Sqlite.Database, afterCommit: () => void): CommitFollower {
  raw.pragma('wal_autocheckpoint = 0')
  let commits = Number(raw.prepare('SELECT number FROM commit_count').pluck().get())
  const count = raw.prepare('UPDATE commit_count SET number = number + 1')
  const look = raw.prepare<[], LogState>('PRAGMA wal_checkpoint(NOOP)')
  const mark = openCommitMark(dataDir, commits)
  /** All of the log is in the database. */
  let isCopied = false

  /** While it is done the mark says so: killed in between, the log is needed whole. */
  function copy(log: number): void {
    mark.write({ copying: log })
    try {
      raw.pragma('wal_checkpoint(PASSIVE)')
    } catch {
      return // The log stays as it is, and so does the mark: the next commit tries again.
    }
    mark.write({ copying: 0 })
  }

  return {
    committing: () => void count.run(),
    committed() {
      commits++
      mark.write({ commits, closed: null })
      const { log, checkpointed } = look.get()!
      if (log - checkpointed >= framesAtMost) copy(log)
      afterCommit()
    },
    closing() {
      try {
        const { log, checkpointed } = look.get()!
        if (log > checkpointed) copy(log)
        const left = look.get()!
        isCopied = left.log === left.checkpointed
        // Synced before the log is removed: without it, a power cut would leave a mark that asks for the log.
        if (isCopied) mark.write({ closed: checksumOf(raw.name) })
      } catch {
        // The folder is gone, or its disk fails: it is looked at when it is opened again.
      }
    },
    closed() {
      try {
        // What could not be copied SQLite tries again when it closes, and removes the log when that is done.
        if (!isCopied && !existsSync(`${raw.name}-wal`)) mark.write({ copying: 0, closed: checksumOf(raw.name) })
      } catch {
        // As above.
      } finally {
        mark.close()
      }
    },
  }
}
