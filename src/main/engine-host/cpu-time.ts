/** How much a process has computed, so that one that works can be told from one that hangs. */
import { readFileSync } from 'node:fs'

/** Milliseconds of processor time. */
export interface CpuTime {
  /** Of all its threads. */
  process: number
  /** Of its main thread, the one that runs JavaScript. */
  main: number
}

/** Clock ticks are 1/100 s to user space on every Linux that Node runs on. */
const tickMilliseconds = 10

/** Processor time that a process has used; null where the system does not tell (outside Linux) or it is gone. */
export function cpuTimeOf(pid: number | undefined): CpuTime | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    return { process: used(`/proc/${pid}/stat`), main: used(`/proc/${pid}/task/${pid}/stat`) }
  } catch {
    return null // it has ended
  }
}

function used(path: string): number {
  const stat = readFileSync(path, 'latin1')
  // The second field, a name in brackets, may hold spaces; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMilliseconds
}
