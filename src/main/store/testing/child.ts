/** Starts a program of this folder in a process of its own, to be killed. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface Child {
  pid: number
  /** Lines it has printed. */
  lines: string[]
  /** The next line that has not been waited for; null once it has ended. */
  line(): Promise<string | null>
  /** SIGKILL; resolves when it is gone and all it said has arrived. */
  kill(): Promise<void>
}

export function startChild(program: string, args: string[]): Child {
  const process_: ChildProcess = spawn(process.execPath, ['--expose-gc', fileURLToPath(new URL(program, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  let read = 0
  let ended = false
  let wake = (): void => undefined
  const reader = createInterface({ input: process_.stdout! })
  reader.on('line', (line) => {
    lines.push(line)
    wake()
  })
  const closed = new Promise<void>((resolve) => {
    reader.on('close', () => {
      ended = true
      wake()
      resolve()
    })
  })
  return {
    pid: process_.pid!,
    lines,
    async line() {
      while (read >= lines.length) {
        if (ended) return null
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return lines[read++]
    },
    async kill() {
      process_.kill('SIGKILL')
      await closed
    },
  }
}
