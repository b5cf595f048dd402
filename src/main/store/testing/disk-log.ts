/** What a process did to a folder, call by call, as disk-faults.c wrote it down; and how a process is run under its eyes. */
import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { constants } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface DiskCall {
  kind: 'create' | 'write' | 'truncate' | 'sync' | 'rename' | 'unlink' | 'mkdir' | 'ack'
  path: string
  /** Where a rename leads. */
  to: string
  /** First byte of a write, size after a truncation. */
  offset: number
  data: Buffer
}

const kinds: Readonly<Record<string, DiskCall['kind']>> = {
  c: 'create',
  w: 'write',
  t: 'truncate',
  s: 'sync',
  r: 'rename',
  u: 'unlink',
  m: 'mkdir',
  a: 'ack',
}
const headBytes = 32

export function readDiskLog(path: string): DiskCall[] {
  const bytes = readFileSync(path)
  const calls: DiskCall[] = []
  for (let at = 0; at < bytes.length;) {
    const [kind, name, other] = [0, 4, 8].map((place) => bytes.readUInt32LE(at + place))
    const length = Number(bytes.readBigInt64LE(at + 24))
    const offset = Number(bytes.readBigInt64LE(at + 16))
    at += headBytes
    const text = (size: number): string => bytes.toString('utf8', at, (at += size))
    const call = { kind: kinds[String.fromCharCode(kind)], path: text(name), to: text(other), offset }
    calls.push({ ...call, data: bytes.subarray(at, (at += length)) })
  }
  return calls
}

/** Compiles what stands between a process and its disk. @returns its path; null: it cannot be had, for the reason that is said */
export function buildDiskFaults(folder: string): { library: string } | { obstacle: string } {
  if (process.platform !== 'linux') return { obstacle: 'calls are looked at on Linux alone' }
  const library = join(folder, 'disk-faults.so')
  const source = fileURLToPath(new URL('disk-faults.c', import.meta.url))
  try {
    execFileSync(process.env['CC'] ?? 'cc', ['-O1', '-shared', '-fPIC', '-o', library, source, '-ldl', '-lpthread'], { stdio: 'pipe' })
    return { library }
  } catch (error) {
    return { obstacle: `no C compiler: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}` }
  }
}

export interface Refusal {
  /** Number of the call that is refused, from 1. */
  at: number
  error: 'ENOSPC' | 'EIO' | 'EROFS'
  /** All that follow are refused as well. */
  stays: boolean
}

export interface DiskWork {
  status: number | null
  /** What it said on stdout and stderr. */
  words: string
  calls: DiskCall[]
}

/** Runs disk-work.ts on a data folder, with at most one kind of refusal. @param folder holds log and acknowledgements, outside of the data folder */
export async function workOnDisk(library: string, dataDir: string, folder: string, refusal?: Refusal): Promise<DiskWork> {
  const log = join(folder, 'calls')
  rmSync(log, { force: true })
  const acks = join(folder, 'acks')
  const child = spawn(process.execPath, [fileURLToPath(new URL('disk-work.ts', import.meta.url)), dataDir, acks], {
    env: {
      ...process.env,
      LD_PRELOAD: library,
      UV_USE_IO_URING: '0',
      WEIGHTSCAPE_DISK_ROOT: dataDir,
      WEIGHTSCAPE_DISK_LOG: log,
      WEIGHTSCAPE_DISK_ACKS: acks,
      ...(refusal !== undefined && {
        WEIGHTSCAPE_DISK_AT: String(refusal.at),
        WEIGHTSCAPE_DISK_ERROR: String(constants.errno[refusal.error]),
        ...(refusal.stays && { WEIGHTSCAPE_DISK_STAYS: '1' }),
      }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (words += text))
  const status = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { status, words, calls: readDiskLog(log) }
}
