/** The lab as a process of its own: started, killed and started again under the same address. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { shortDemo } from './short-demo.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const commandLine = 'src/main/cli/main.ts'

/** Labs that run, so that none outlives who started it. */
const running = new Set<ChildProcess>()
process.once('exit', () => running.forEach((child) => child.kill('SIGKILL')))

interface Event {
  event: string
  url?: string
  message?: string
}

/** A server that can be killed and started again under the same address. */
export class Server {
  readonly dataDir: string
  readonly #port: number
  readonly #program: string
  #child: ChildProcess | undefined
  /** Lets the next browser in: it holds a token, which opens once. */
  url = ''
  /** What it said on stderr. */
  words = ''

  /** @param program what takes the place of the command line: a lab with an engine of its own */
  constructor(dataDir: string, port: number, program = commandLine) {
    this.dataDir = dataDir
    this.#port = port
    this.#program = program
  }

  /** Of the process that runs; undefined before the first start. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Resolves when browsers can come. @throws Error what it said instead */
  async start(): Promise<void> {
    const args = [this.#program, 'serve', '--data-dir', this.dataDir, '--port', String(this.#port), '--json']
    const env = { ...process.env, WEIGHTSCAPE_DEMO_PLAN: shortDemo }
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#child = child
    running.add(child)
    child.once('close', () => running.delete(child))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.words += text))
    const listening = Promise.withResolvers<undefined>()
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as Event
      if (event.event === 'error') listening.reject(new Error(event.message))
      if (event.url === undefined) return
      this.url = event.url
      listening.resolve(undefined)
    })
    child.once('close', () => listening.reject(new Error(`The server ended before it listened.\n${this.words}`)))
    await listening.promise
  }

  /** Ends it: politely, or as a power cut would. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill(signal)
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
    await ended
    clearTimeout(timer)
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}
