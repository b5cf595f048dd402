/** Processes of the lab as Electron's utility processes: the packaged app has no Node to fork. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ProcessRole, Spawn } from '../engine-host/spawn.ts'
import { processFlags } from '../engine-host/environment.ts'
import { flushAnswer, isFlushQuestion } from '../engine-host/flush.ts'
import type { SpawnImport } from '../data-import/spawn.ts'
import type { Child, ProcessExit } from '../process/child.ts'
import type { ForkUtility } from './electron-platform.ts'

/** Milliseconds for the last words after the end. */
const lastWords = 200

/** The built modules that processes run. */
export type UtilityEntries = Readonly<Record<ProcessRole | 'import', string>>

export interface UtilityOptions {
  fork: ForkUtility
  entries: UtilityEntries
  env: Readonly<Record<string, string | undefined>>
  /** Ends a process at once; `UtilityProcess.kill` asks politely. */
  end?: (pid: number) => void
}

/** How engine processes are started. */
export function utilitySpawn(options: UtilityOptions): Spawn {
  return (role, environment) => start(options, role, environment, [...processFlags])
}

/** How processes are started that read files from outside. */
export function utilitySpawnImport(options: UtilityOptions): SpawnImport {
  return ({ heapBytes }) => start(options, 'import', {}, [`--max-old-space-size=${Math.round(heapBytes / 2 ** 20)}`])
}

function start(options: UtilityOptions, role: ProcessRole | 'import', environment: Record<string, string>, execArgv: string[]): Child {
  const child = options.fork(options.entries[role], [], {
    env: { ...defined(options.env), NODE_OPTIONS: '', ...environment },
    execArgv,
    stdio: ['ignore', 'pipe', 'pipe'],
    serviceName: `Weightscape ${role}`,
  })
  // Heard first: a message to a process that has ended can take this one along.
  let gone = false
  const outputs = [child.stdout, child.stderr].filter((stream) => stream !== null)
  const quiet = Promise.all(outputs.map((stream) => new Promise((resolve) => stream.once('close', resolve))))
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code) => {
      gone = true
      // What it printed last may come after its end.
      void Promise.race([quiet, wait(lastWords)]).then(() => resolve(exitOf(code)))
    })
  })
  // An error that nobody hears is thrown, and would take the app along: V8 has run out of memory there, say. `exit` follows.
  child.on('error', () => undefined)
  const end = options.end ?? ((pid: number) => process.kill(pid, 'SIGKILL'))
  return {
    get pid() {
      return child.pid
    },
    postMessage: (message) => {
      if (!gone) child.postMessage(message)
    },
    onMessage: (handler) => {
      child.on('message', (message) => {
        if (!isFlushQuestion(message)) handler(message)
        else if (!gone) child.postMessage(flushAnswer(message))
      })
    },
    onExit: (handler) => void exit.then(handler),
    onOutput: (handler) => {
      for (const stream of outputs) stream.setEncoding('utf8').on('data', handler)
    },
    kill: () => {
      if (gone) return
      try {
        if (child.pid !== undefined) end(child.pid)
      } catch {
        // It has ended by itself meanwhile.
      }
      child.kill()
    },
  }
}

/** Electron gives one number: signals come as themselves, or added to 128. */
function exitOf(code: number): ProcessExit {
  const names: Record<number, string> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' }
  const signal = process.platform === 'win32' ? undefined : names[code > 128 ? code - 128 : code]
  return signal === undefined ? { code, signal: null } : { code: null, signal }
}

function defined(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
