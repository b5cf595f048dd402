/** A child process that is asked in JSON lines and answers in JSON lines: ours and every rival alike. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface WorkerCommand {
  command: string
  args: readonly string[]
  environment: Record<string, string>
}

interface Waiting {
  resolve(answer: Record<string, unknown>): void
  reject(reason: Error): void
}

/** Every worker alive, so that none outlives the runner. */
const alive = new Set<ChildProcess>()

/** Kills every worker at once: for when the runner ends or is interrupted. */
export function killWorkers(): void {
  for (const child of alive) child.kill('SIGKILL')
  alive.clear()
}

export class LineWorker {
  readonly name: string
  readonly #child: ChildProcess
  #waiting: Waiting | undefined
  #ended: Error | undefined
  /** The last lines of what it said on stderr: why it died. */
  #words: string[] = []

  constructor(name: string, { command, args, environment }: WorkerCommand) {
    this.name = name
    this.#child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
    alive.add(this.#child)
    this.#child.on('error', (cause) => this.#end(new Error(`${command} cannot be started: ${cause.message}`)))
    this.#child.on('close', (code, signal) => {
      alive.delete(this.#child)
      this.#end(new Error([`ended unexpectedly (${signal ?? `exit ${code ?? '?'}`})`, ...this.#words.slice(-8)].join('\n')))
    })
    this.#child.stdin!.on('error', () => undefined) // the end of the process says why
    createInterface({ input: this.#child.stderr! }).on('line', (line) => {
      this.#words = [...this.#words.slice(-19), line]
    })
    createInterface({ input: this.#child.stdout! }).on('line', (line) => this.#take(line))
  }

  /**
   * Asks for one thing; one question at a time.
   * @throws Error with the worker's reason
   */
  async ask(what: string, values: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> {
    if (this.#ended !== undefined) throw this.#ended
    if (this.#waiting !== undefined) throw new Error(`${this.name} was asked before it had answered.`)
    const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
      this.#waiting = { resolve, reject }
      this.#child.stdin!.write(`${JSON.stringify({ do: what, ...values })}\n`)
    })
    if (answer['ok'] !== true) throw new Error(String(answer['error']))
    return answer
  }

  /** Lets it end by itself, for two seconds; then kills it. */
  async close(): Promise<void> {
    if (!alive.has(this.#child)) return
    const gone = new Promise((resolve) => this.#child.once('close', resolve))
    this.#child.stdin!.end()
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 2000)
    await gone
    clearTimeout(timer)
  }

  #take(line: string): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    try {
      waiting?.resolve(JSON.parse(line) as Record<string, unknown>)
    } catch {
      waiting?.reject(new Error(`said what is no JSON: ${line.slice(0, 200)}`))
    }
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    this.#waiting?.reject(this.#ended)
    this.#waiting = undefined
  }
}

/** Milliseconds of each repetition, as workers report them. */
export function timesOf(answer: Record<string, unknown>): number[] {
  const times = answer['ms']
  if (!Array.isArray(times) || !times.every((time) => typeof time === 'number')) throw new Error('The worker reported no times.')
  return times
}
