/** Child processes of Node. */
import { fork } from 'node:child_process'
import type { Child, ChildOptions } from './child.ts'

/** Starts a process with the Node that runs this one. */
export function spawnNodeChild({ entry, flags, environment }: ChildOptions): Child {
  const child = fork(entry, {
    serialization: 'advanced',
    execArgv: [...flags],
    // A process group of its own: Ctrl+C in a terminal is for the command line alone, which ends its children in order.
    detached: process.platform !== 'win32',
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  // Node counts messages under way, and lets go of the channel behind the last: a program that waits for nothing but its child's end
  // would end before it hears of it.
  child.channel?.ref()
  // A message that could not be sent is not news: the exit that explains it is.
  child.on('error', () => undefined)
  return {
    pid: child.pid,
    postMessage: (message) => {
      if (child.connected) child.send(message as Parameters<typeof child.send>[0], () => undefined)
    },
    onMessage: (handler) => void child.on('message', handler),
    // `close`, not `exit`: by then the last messages and the last output have come.
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
