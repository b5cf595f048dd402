/** The command line as processes with the real engine, each kept to one core and without a graphics card, so that bits can be compared. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

/** Runs one command. @returns its last line @throws when it does not end well */
export type LabProcess = (...words: string[]) => Promise<Record<string, unknown>>

/**
 * @param dataDir of the lab
 * @param main entry of the command line; default: that of this code
 */
export function labProcess(dataDir: string, main = new URL('../main.ts', import.meta.url).pathname): LabProcess {
  return async (...words) => {
    const [program, ...before] = [...oneCore(), process.execPath]
    const child = spawn(program, [...before, main, ...words, '--data-dir', dataDir, '--json'], {
      env: { ...process.env, CUDA_VISIBLE_DEVICES: '-1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    const code = await new Promise((resolve) => child.once('close', resolve))
    const last = out.trimEnd().split('\n').at(-1) ?? ''
    if (code !== 0) throw new Error(`${words.join(' ')} ended with ${String(code)}: ${last}`)
    return JSON.parse(last) as Record<string, unknown>
  }
}

/** What keeps a process to one core: farm and threads are one then, on whatever machine. Empty where there is no such program. */
function oneCore(): string[] {
  const taskset = '/usr/bin/taskset'
  if (!existsSync(taskset)) return []
  const first = /^Cpus_allowed_list:\s*(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return first === undefined ? [] : [taskset, '-c', first]
}
