/** Electron's utility processes, on children of Node: their documented behaviour, and where it differs from Node's. */
import type { ForkOptions, utilityProcess } from 'electron'
import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

const shim = fileURLToPath(new URL('./parent-port.ts', import.meta.url))

class UtilityDouble extends EventEmitter {
  /** Undefined until the process has begun, and again when it has ended. */
  pid: number | undefined
  readonly stdout: NodeJS.ReadableStream | null
  readonly stderr: NodeJS.ReadableStream | null
  readonly #child: ChildProcess
  #over = false

  constructor(module: string, options: ForkOptions) {
    super()
    this.#child = fork(module, {
      serialization: 'advanced',
      execArgv: [...(options.execArgv ?? []), '--import', shim],
      env: { ...options.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.stdout = this.#child.stdout
    this.stderr = this.#child.stderr
    this.#child.once('spawn', () => {
      this.pid = this.#child.pid
      this.emit('spawn')
    })
    this.#child.on('error', () => undefined)
    this.#child.on('message', (message) => this.emit('message', message))
    this.#child.once('exit', (code, signal) => {
      this.#over = true
      this.pid = undefined
      // V8's last word, as Electron passes it on: thrown where nobody hears it.
      if (signal === 'SIGABRT') this.emit('error', 'FatalError', 'somewhere', '{}')
      // One number, as waitpid gives it: signals are numbers too.
      this.emit('exit', code ?? ({ SIGKILL: 9, SIGTERM: 15, SIGSEGV: 11, SIGABRT: 6 } as Record<string, number>)[signal ?? ''] ?? 1)
    })
  }

  postMessage(message: unknown): void {
    // Some versions of Electron crash here, the whole app with them.
    if (this.#over) throw new Error('A message to a utility process that has ended.')
    if (this.#child.connected) this.#child.send(message as object, () => undefined)
  }

  /** Polite: SIGTERM. */
  kill(): boolean {
    return this.#child.kill('SIGTERM')
  }
}

/** @param sources modules to run in the place of built ones */
export function utilityFork(sources: (module: string) => string = (module) => module): typeof utilityProcess.fork {
  return (module, _args, options = {}) => new UtilityDouble(sources(module), options)
}
