/** Engine processes as children of Node. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { processFlags } from './environment.ts'
import type { EngineProcess, ProcessRole, Spawn } from './spawn.ts'

/** The modules that processes run; a packaged app names its built ones. */
export type Entries = Readonly<Record<ProcessRole, string>>

const ownEntries: Entries = {
  engine: fileURLToPath(new URL('./entry.ts', import.meta.url)),
  farm: fileURLToPath(new URL('./farm-entry.ts', import.meta.url)),
}

/** Starts processes with the Node that runs this one. */
export function nodeSpawn(entries: Entries = ownEntries): Spawn {
  return (role, environment) => start(entries[role], environment)
}

function start(entry: string, environment: Record<string, string>): EngineProcess {
  const child = fork(entry, {
    serialization: 'advanced',
    // Options of this process (a debugger's port, a test runner's loader) are not the child's.
    execArgv: [...processFlags],
    // A process group of its own: Ctrl+C in a terminal is for the command line alone, which ends its engines in order.
    detached: process.platform !== 'win32',
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // A message that could not be sent is not news: the exit that explains it is.
  child.on('error', () => undefined)
  return {
    pid: child.pid,
    postMessage: (message) => {
      if (child.connected) child.send(message as Parameters<typeof child.send>[0], () => undefined)
    },
    onMessage: (handler) => void child.on('message', handler),
    // `close`, not `exit`: by then the last messages and the last words have come.
    onExit: (handler) => {
      if (child.pid === undefined) process.nextTick(handler, { code: null, signal: null })
      else child.once('close', (code, signal) => handler({ code, signal }))
    },
    onOutput: (handler) => {
      for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', handler)
    },
    kill: () => void child.kill('SIGKILL'),
  }
}
