/** Children as Electron's utility processes: the packaged app has no Node to fork. */
import type { utilityProcess } from 'electron'
import { setTimeout as wait } from 'node:timers/promises'
import type { Child, ChildOptions, ProcessExit, Spawn } from '../process/child.ts'

/** Milliseconds for the last output after the end. */
const lastOutput = 200

/** @param fork Electron's `utilityProcess.fork` */
export function utilitySpawn(fork: typeof utilityProcess.fork): Spawn {
  return (options) => spawnUtility(fork, options)
}

function spawnUtility(fork: typeof utilityProcess.fork, { role, entry, flags, environment }: ChildOptions): Child {
  const child = fork(entry, [], {
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    execArgv: [...flags],
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
      void Promise.race([quiet, wait(lastOutput)]).then(() => resolve(exitOf(code)))
    })
  })
  // An error that nobody hears is thrown, and would take the app along: V8 has run out of memory there, say. `exit` follows.
  child.on('error', () => undefined)
  return {
    get pid() {
      return child.pid
    },
    postMessage: (message) => {
      if (!gone) child.postMessage(message)
    },
    onMessage: (handler) => void child.on('message', handler),
    onExit: (handler) => void exit.then(handler),
    onOutput: (handler) => {
      for (const stream of outputs) stream.setEncoding('utf8').on('data', handler)
    },
    kill: () => {
      if (gone) return
      try {
        // `UtilityProcess.kill` asks politely.
        if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
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
