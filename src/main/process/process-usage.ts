/** What another process uses: processor time, so that one that works can be told from one that hangs, and memory. */
import { readdirSync, readFileSync } from 'node:fs'

/** Milliseconds of processor time. */
export interface CpuTime {
  /** Of all its threads. */
  process: number
  /** Whether a thread of it runs or waits for its turn (or for the disk), at this moment. */
  wants: boolean
}

/** Clock ticks are 1/100 s to user space on every Linux that Node runs on. */
const tickMilliseconds = 10

/** Processor time that a process has used; null where the system does not tell (outside Linux) or it is gone. */
export function cpuTimeOf(pid: number | undefined): CpuTime | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    const tasks = readdirSync(`/proc/${pid}/task`)
    return {
      process: used(fieldsOf(`/proc/${pid}/stat`)),
      wants: tasks.some((task) => wants(pid, task)),
    }
  } catch {
    return null // it has ended
  }
}

/** Fields of a stat file from the third on: the state first. */
function fieldsOf(path: string): string[] {
  const stat = readFileSync(path, 'latin1')
  // The second field, a name in brackets, may hold spaces.
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** utime and stime are the 14th and 15th field. */
function used(fields: string[]): number {
  return (Number(fields[11]) + Number(fields[12])) * tickMilliseconds
}

function wants(pid: number, task: string): boolean {
  try {
    return 'RD'.includes(fieldsOf(`/proc/${pid}/task/${task}/stat`)[0])
  } catch {
    return false // the thread has ended
  }
}

/** The kernel's pages: 4 KiB wherever Node runs on Linux, but for some ARM servers, where more is counted than there is. */
const pageBytes = 4096

/** Resident memory of a process, bytes; null where it cannot be told (it is gone, or this is no Linux). */
export function residentBytesOf(pid: number | undefined): number | null {
  if (process.platform !== 'linux' || pid === undefined) return null
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ')[1]) * pageBytes
  } catch {
    return null // it has ended
  }
}

/** Processes that the kernel has killed for want of memory so far, where that can be known (Linux); else 0. */
export function outOfMemoryKills(): number {
  return counter('/sys/fs/cgroup/memory.events') + counter('/proc/vmstat')
}

function counter(path: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0 // no such file on this system
  }
}
