/** One import and its process: started with the first question, watched while it works, gone when closed. */
import type { ImportOptions, ImportPlan, ImportPreview, ImportStep, ImportSession, StagedDataset } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { bytes } from '../../shared/wording.ts'
import { Channel, type Call, type Loss } from '../process/channel.ts'
import type { Spawn } from '../process/child.ts'
import { outOfMemoryKills } from '../process/process-usage.ts'
import { defaultLimits, Watchdog } from '../process/watchdog.ts'
import { importErrors, importSchemas, type ImportCalls } from './schemas.ts'

export interface ImportLimits {
  /** Bytes of JavaScript's own objects: `--max-old-space-size`. */
  heapBytes: number
  /** Resident memory of the process, bytes. */
  residentBytes: number
  /** Milliseconds without a word, while it works. */
  silence: number
}

export interface SessionOptions {
  paths: readonly string[]
  scratch: string
  spawn: Spawn
  entry: string
  limits: ImportLimits
}

/** V8 tells of want of memory ahead of a long list of what it was at. */
const outputLines = 60

export class ImportProcessSession implements ImportSession {
  readonly #options: SessionOptions
  readonly #watchdog: Watchdog
  #channel: Channel<ImportCalls> | undefined
  /** The question under way. */
  #call: Pick<Call<unknown>, 'abandon'> | undefined
  #closed = false
  #killsBefore = 0

  constructor(options: SessionOptions) {
    const { silence } = options.limits
    this.#options = options
    this.#watchdog = new Watchdog({ ...defaultLimits, silence, working: silence, loading: silence })
  }

  preview(options: ImportOptions, onProgress?: (progress: ImportStep) => void): Promise<ImportPreview> {
    return this.#ask((channel) => channel.call('preview', { ...this.#source, options }, onProgress))
  }

  build(options: ImportOptions, folder: string, onProgress?: (progress: ImportStep) => void): Promise<StagedDataset> {
    return this.#ask((channel) => channel.call('build', { ...this.#source, options, folder }, onProgress))
  }

  async picture(plan: ImportPlan): Promise<Uint8Array> {
    const pixels = await this.#ask((channel) => channel.call('picture', { paths: this.#options.paths, plan }))
    if (pixels.length === plan.height * plan.width * plan.channels) return pixels
    throw new LabError('internal', `The process that reads files sent ${pixels.length} bytes of pixels.`, 'Do not trust this image.')
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#channel?.kill(cancelled('The import was cancelled.'))
    await this.#channel?.gone
  }

  get #source() {
    const { paths, scratch } = this.#options
    return { paths, scratch }
  }

  async #ask<R>(begin: (channel: Channel<ImportCalls>) => Call<R>): Promise<R> {
    if (this.#closed) throw cancelled('The import was cancelled.')
    this.#call?.abandon(cancelled('Another look at the import took the place of this one.'))
    if (this.#channel?.isOpen !== true) this.#channel = this.#start()
    const call = begin(this.#channel)
    this.#call = call
    try {
      return await call.result
    } finally {
      if (this.#call === call) this.#call = undefined
    }
  }

  #start(): Channel<ImportCalls> {
    const { spawn, entry, limits } = this.#options
    this.#killsBefore = outOfMemoryKills()
    const flags = [`--max-old-space-size=${Math.round(limits.heapBytes / 2 ** 20)}`]
    return new Channel(spawn({ role: 'import', entry, flags }), {
      schemas: importSchemas,
      errors: importErrors,
      watchdog: this.#watchdog,
      patience: 0,
      residentLimit: limits.residentBytes,
      outputLines,
      lost: (loss, output) => this.#lost(loss, output),
    })
  }

  #lost(loss: Loss, output: string): LabError {
    const { limits, paths } = this.#options
    const what = paths.length === 1 ? paths[0] : `${paths[0]} and ${paths.length - 1} more`
    if (loss.how === 'nonsense') {
      return new LabError(
        'internal',
        `The process that reads the files said what it should not: ${loss.reason}.`,
        'Do not trust these files. If you do, this is a defect in Weightscape.',
      )
    }
    if (loss.how === 'hung') {
      return new LabError(
        'bad-input',
        `Reading ${what} was given up: nothing was heard of it for ${Math.round(limits.silence / 1000)} s.`,
        'One of the files may be damaged, or made to be endless work: leave it out, and try again.',
      )
    }
    if (loss.how === 'too-large' || /heap out of memory|bad_alloc|Array buffer allocation failed/i.test(output)) {
      return new LabError(
        'memory',
        `Reading ${what} took more than ${bytes(limits.residentBytes)} of memory.`,
        'One of the files is damaged, or too large to be read here: leave it out, or give the images as files of their own.',
      )
    }
    const { code, signal } = loss.exit
    if (signal === 'SIGKILL' || signal === 'SIGTERM') return killed(what, signal, outOfMemoryKills() > this.#killsBefore)
    const how = signal === null ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`
    const said = output.split('\n').slice(-3).join(' ')
    return new LabError(
      'bad-input',
      `Reading ${what} ended its process (${how})${said === '' ? '' : `: ${said}`}.`,
      'One of the files may be damaged in a way that a library does not survive: leave it out, and try again.',
    )
  }
}

/** It was ended from outside: the files are not to blame. */
function killed(what: string, signal: string, forMemory: boolean): LabError {
  const how = forMemory ? 'by the system, which had no memory left' : `from outside (${signal}), as a system does that is short of memory`
  return new LabError(
    forMemory ? 'memory' : 'engine-lost',
    `The process that read ${what} was ended ${how}.`,
    'Nothing was kept, and the files are not to blame: close other programs, and try again.',
  )
}

function cancelled(message: string): LabError {
  return new LabError('cancelled', message, 'Nothing of it was kept; begin it again.')
}
