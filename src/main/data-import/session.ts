/** One import and its process: started with the first question, watched while it works, gone when closed. */
import type { ImportOptions, ImportPreview, ImportProgress, ImportSession, StagedDataset } from '../../shared/dataset-import.ts'
import { LabError, defect } from '../../shared/errors.ts'
import { checkReply } from './check-reply.ts'
import type { Reply, Request } from './messages.ts'
import { residentBytes } from './resident.ts'
import type { Child } from '../process/child.ts'
import type { ProcessLimits, SpawnImport } from './spawn.ts'

export interface SessionLimits extends ProcessLimits {
  /** Resident memory of the process, bytes. */
  residentBytes: number
  /** Milliseconds without a word, while it works. */
  silence: number
}

export interface SessionParts {
  paths: readonly string[]
  scratch: string
  spawn: SpawnImport
  limits: SessionLimits
}

/** Milliseconds between two looks at its memory. */
const lookEvery = 100
/** Characters that are kept of what it prints. */
const mostWords = 2000

/** What somebody waits for. */
interface Question {
  id: number
  onProgress: (progress: ImportProgress) => void
  settle: { resolve(reply: Reply): void; reject(error: LabError): void }
}

export class ImportProcessSession implements ImportSession {
  readonly #parts: SessionParts
  #process: Child | null = null
  #question: Question | null = null
  #asked = 0
  #heard = 0
  #words = ''
  /** Why the process is being ended, where it is us who end it. */
  #verdict: LabError | null = null
  #watch: NodeJS.Timeout | null = null
  #closed = false
  #gone: Promise<void> = Promise.resolve()

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  async preview(options: ImportOptions, onProgress: (progress: ImportProgress) => void = () => undefined): Promise<ImportPreview> {
    const reply = await this.#ask((id) => ({ type: 'preview', id, options }), onProgress)
    if (reply.type === 'preview') return reply.preview
    throw unexpected(reply)
  }

  async build(
    options: ImportOptions,
    folder: string,
    onProgress: (progress: ImportProgress) => void = () => undefined,
  ): Promise<StagedDataset> {
    const reply = await this.#ask((id) => ({ type: 'build', id, options, folder }), onProgress)
    if (reply.type === 'built') return reply.staged
    throw unexpected(reply)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#end(cancelled('The import was cancelled.'))
    await this.#gone
  }

  #ask(request: (id: number) => Request, onProgress: (progress: ImportProgress) => void): Promise<Reply> {
    if (this.#closed) return Promise.reject(cancelled('The import was cancelled.'))
    const id = ++this.#asked
    const { promise, resolve, reject } = Promise.withResolvers<Reply>()
    const earlier = this.#question
    this.#question = { id, onProgress, settle: { resolve, reject } }
    this.#heard = performance.now()
    const running = this.#process ?? this.#start()
    if (earlier !== null) {
      running.postMessage({ type: 'stop', id: earlier.id } satisfies Request)
      earlier.settle.reject(cancelled('Another look at the import took the place of this one.'))
    }
    running.postMessage(request(id))
    this.#watch ??= setInterval(() => void this.#look(), lookEvery)
    return promise
  }

  #start(): Child {
    const { paths, scratch, spawn, limits } = this.#parts
    const started = spawn({ heapBytes: limits.heapBytes })
    this.#process = started
    this.#words = ''
    this.#verdict = null
    this.#gone = new Promise((resolve) => {
      started.onExit((exit) => {
        if (this.#process === started) this.#lost(exit)
        resolve()
      })
    })
    started.onOutput((text) => {
      this.#words = (this.#words + text).slice(-mostWords)
    })
    started.onMessage((message) => this.#hear(message))
    started.postMessage({ type: 'open', paths, scratch } satisfies Request)
    return started
  }

  #hear(message: unknown): void {
    if (this.#verdict !== null) return
    this.#heard = performance.now()
    let reply: Reply
    try {
      reply = checkReply(message)
    } catch (error) {
      this.#end(error as LabError)
      return
    }
    const question = this.#question
    if (question === null || reply.id !== question.id) return // of a question that was stopped
    if (reply.type === 'progress') {
      question.onProgress(reply.progress)
      return
    }
    this.#answered()
    if (reply.type === 'failed') question.settle.reject(LabError.from(reply.error))
    else question.settle.resolve(reply)
  }

  /** Looks after memory and time while it works. */
  async #look(): Promise<void> {
    const { limits } = this.#parts
    if (performance.now() - this.#heard > limits.silence) {
      this.#end(
        new LabError(
          'bad-input',
          `Reading ${this.#what()} was given up: nothing was heard of it for ${Math.round(limits.silence / 1000)} s.`,
          'One of the files may be damaged, or made to be endless work: leave it out, and try again.',
        ),
      )
      return
    }
    const resident = await residentBytes(this.#process?.pid)
    if (resident !== null && resident > limits.residentBytes && this.#question !== null) this.#end(this.#tooLarge())
  }

  /** Ends the process, with a reason for whoever waits. */
  #end(verdict: LabError): void {
    if (this.#process === null) {
      this.#settle(verdict)
      return
    }
    this.#verdict ??= verdict
    this.#process.kill()
  }

  /** The process is gone: by our hand, or because it could not go on. */
  #lost({ code, signal }: { code: number | null; signal: string | null }): void {
    this.#process = null
    this.#settle(
      this.#verdict ??
        (/heap out of memory|bad_alloc|Array buffer allocation failed/i.test(this.#words) ? this.#tooLarge() : this.#died(code, signal)),
    )
  }

  #settle(error: LabError): void {
    const question = this.#question
    this.#answered()
    question?.settle.reject(error)
  }

  #answered(): void {
    this.#question = null
    if (this.#watch !== null) clearInterval(this.#watch)
    this.#watch = null
  }

  #tooLarge(): LabError {
    return new LabError(
      'memory',
      `Reading ${this.#what()} took more than ${Math.round(this.#parts.limits.residentBytes / 2 ** 20)} MiB of memory.`,
      'One of the files is damaged, or too large to be read here: leave it out, or give the images as files of their own.',
    )
  }

  #died(code: number | null, signal: string | null): LabError {
    const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`
    const words = this.#words.trim().split('\n').slice(-3).join(' ')
    return new LabError(
      'bad-input',
      `Reading ${this.#what()} ended its process (${how})${words === '' ? '' : `: ${words}`}.`,
      'One of the files may be damaged in a way that a library does not survive: leave it out, and try again.',
    )
  }

  #what(): string {
    const [first, ...more] = this.#parts.paths
    return more.length === 0 ? first : `${first} and ${more.length} more`
  }
}

function cancelled(message: string): LabError {
  return new LabError('cancelled', message, 'Nothing of it was kept; begin it again.')
}

function unexpected(reply: Reply): LabError {
  return defect(`A question about an import was answered with "${reply.type}".`)
}
