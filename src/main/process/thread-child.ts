/** Worker threads, as children like any other. */
import { Worker } from 'node:worker_threads'
import type { Child, ChildOptions } from './child.ts'

export interface ThreadChild extends Child {
  /** Whether it keeps this program alive. */
  hold(alive: boolean): void
}

export function spawnThread({ role, entry, flags }: ChildOptions): ThreadChild {
  const worker = new Worker(entry, { name: role, execArgv: [...flags] })
  let onOutput: (text: string) => void = () => undefined
  worker.on('error', (error: Error) => onOutput(`${error.message}\n`))
  return {
    pid: undefined,
    postMessage: (message) => worker.postMessage(message),
    onMessage: (handler) => void worker.on('message', handler),
    onExit: (handler) => void worker.once('exit', (code) => handler({ code, signal: null })),
    onOutput: (handler) => (onOutput = handler),
    kill: () => void worker.terminate(),
    hold: (alive) => (alive ? worker.ref() : worker.unref()),
  }
}
