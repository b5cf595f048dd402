/** Processes that read files, as children of Node. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { SpawnImport } from './spawn.ts'

/**
 * Starts processes with the Node that runs this one.
 * @param entry the module that they run; a packaged app names its built one
 */
export function nodeSpawn(entry: string = fileURLToPath(new URL('./entry.ts', import.meta.url))): SpawnImport {
  return ({ heapBytes }) => {
    const child = fork(entry, {
      serialization: 'advanced',
      // Options of this process (a debugger's port, a test runner's loader) are not the child's.
      execArgv: [`--max-old-space-size=${Math.round(heapBytes / 2 ** 20)}`],
      // A process group of its own: Ctrl+C in a terminal is for the command line alone, which ends its children in order.
      detached: process.platform !== 'win32',
      env: { ...process.env, NODE_OPTIONS: '' },
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
}
