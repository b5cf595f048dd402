/** Processes of a lab, found by their parents. */
import { execFileSync } from 'node:child_process'

/** Processes that a server has started for its jobs: the engine first, then the workers of its farm. */
export function enginesOf(server: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).trim().split('\n')
  const found = lines.flatMap((line) => {
    const [pid, parent, ...words] = line.trim().split(/\s+/)
    const role = /engine-host\/(entry|farm-entry)\.ts/.exec(words.join(' '))?.[1]
    return Number(parent) === server && role !== undefined ? [{ pid: Number(pid), role }] : []
  })
  return found.toSorted((a, b) => a.role.localeCompare(b.role)).map(({ pid }) => pid)
}
