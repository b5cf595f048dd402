/** A group of processes with a limit on their memory, where the system lets this user make one (Linux, root most often). */
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Version 1 has a hierarchy of its own for memory, version 2 one for all. */
const kinds = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', usage: 'memory.usage_in_bytes', events: 'memory.oom_control' },
  { root: '/sys/fs/cgroup', limit: 'memory.max', usage: 'memory.current', events: 'memory.events' },
]

export class MemoryGroup {
  readonly #folder: string
  readonly #names: (typeof kinds)[number]

  private constructor(folder: string, names: (typeof kinds)[number]) {
    this.#folder = folder
    this.#names = names
  }

  /** null: this user may make none here. */
  static create(): MemoryGroup | null {
    for (const names of kinds) {
      const folder = join(names.root, `weightscape-test-${process.pid}`)
      try {
        mkdirSync(folder)
      } catch {
        continue
      }
      const group = new MemoryGroup(folder, names)
      try {
        group.#read(names.limit)
        return group
      } catch {
        group.remove()
      }
    }
    return null
  }

  /** The words that run a command in the group. */
  words(command: readonly string[]): string[] {
    return ['sh', '-c', 'echo $$ > "$0"; exec "$@"', join(this.#folder, 'cgroup.procs'), ...command]
  }

  /** Leaves no more than what is in use. */
  tighten(): void {
    const before = this.killed()
    // Version 1 refuses a limit that it cannot reach, and gives caches up on the way to it.
    for (let bytes = Number(this.#read(this.#names.usage)); this.#limit(bytes); bytes = Math.floor(bytes * 0.98))
      if (this.killed() > before || bytes < 1e6) return
  }

  loosen(): void {
    this.#limit(64e9)
  }

  /** Processes that the system has ended in it for want of memory. */
  killed(): number {
    return Number(/oom_kill (\d+)/.exec(this.#read(this.#names.events))?.[1])
  }

  remove(): void {
    rmdirSync(this.#folder)
  }

  #limit(bytes: number): boolean {
    try {
      writeFileSync(join(this.#folder, this.#names.limit), String(bytes))
      return true
    } catch {
      return false
    }
  }

  #read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8')
  }
}
