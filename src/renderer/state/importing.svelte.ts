/** One import, from files that were dropped to a data set. */
import type { DroppedFile, Platform } from '../../shared/bridge.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { Dataset, ImportProgress } from '../../shared/contract/datasets.ts'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import { datasetNameFrom } from '../../shared/dataset-name.ts'
import { withAnswer } from '../../shared/import-options.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError, wasCancelled } from './errors.ts'

export type ImportPhase = 'empty' | 'bringing' | 'previewing' | 'ready' | 'committing' | 'failed'

export class Importing {
  phase = $state<ImportPhase>('empty')
  preview = $state.raw<ImportPreview | null>(null)
  options = $state.raw<ImportOptions>({})
  name = $state('')
  /** Bytes that have arrived, while files are brought. */
  sent = $state(0)
  total = $state(0)
  progress = $state.raw<ImportProgress | null>(null)
  error = $state.raw<LabError | null>(null)
  #id: string | null = null
  #cancelling = new AbortController()
  #watching: { close(): void } | null = null
  readonly #client: LabClient
  readonly #platform: Platform
  readonly #opened: () => void

  /** @param opened an import has begun: shows it */
  constructor(client: LabClient, platform: Platform, opened: () => void) {
    this.#client = client
    this.#platform = platform
    this.#opened = opened
  }

  /** Brings files and looks at what they are. Files brought while a preview stands are added to it. */
  async bring(files: readonly DroppedFile[]): Promise<void> {
    if (files.length === 0) return
    await this.#bringing(
      files.map(({ path }) => path),
      (id, signal) => this.#platform.upload(id, files, { signal, onProgress: (sent, total) => ((this.sent = sent), (this.total = total)) }),
    )
  }

  /** As {@link bring}, for paths on the lab's machine. */
  async bringPaths(paths: string[]): Promise<void> {
    if (paths.length === 0) return
    await this.#bringing(paths, (id, signal) => this.#client.call('imports.addPaths', { id, paths }, { signal }).then(() => undefined))
  }

  /** Changes what is done to the images, and looks again. */
  async choose(options: ImportOptions): Promise<void> {
    this.options = options
    await this.#look()
  }

  /** Answers a doubt, and looks again at what that makes of the files. */
  async answer(answer: ImportOptions): Promise<void> {
    await this.choose(withAnswer(this.options, answer))
  }

  /** Keeps the data set; null: it failed, or was cancelled, and `error` says why. */
  async commit(): Promise<Dataset | null> {
    const id = this.#id
    if (id === null) return null
    this.phase = 'committing'
    this.error = null
    try {
      const options = $state.snapshot(this.options)
      const dataset = await this.#client.call(
        'imports.commit',
        { id, name: this.name.trim(), options },
        { signal: this.#cancelling.signal },
      )
      this.#reset()
      return dataset
    } catch (thrown) {
      if (wasCancelled(thrown)) return null
      this.error = asLabError(thrown)
      this.phase = 'ready'
      return null
    }
  }

  /** Ends it; nothing of it is left. */
  async cancel(): Promise<void> {
    const id = this.#id
    this.#cancelling.abort()
    this.#reset()
    if (id !== null) await this.#client.call('imports.cancel', { id })
  }

  async #bringing(paths: readonly string[], send: (id: string, signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#opened()
    this.phase = 'bringing'
    this.error = null
    this.sent = this.total = 0
    const cancelling = this.#cancelling
    try {
      const id = (this.#id ??= await this.#begin())
      if (this.name === '') this.name = datasetNameFrom(paths)
      await send(id, cancelling.signal)
      if (cancelling.signal.aborted) return
      await this.#look()
    } catch (thrown) {
      if (!cancelling.signal.aborted) this.#fail(thrown)
    }
  }

  async #begin(): Promise<string> {
    const { id } = await this.#client.call('imports.begin', {})
    this.#watching = this.#client.open('imports.watch', { id }, { item: (progress) => (this.progress = progress) })
    return id
  }

  async #look(): Promise<void> {
    const id = this.#id
    if (id === null) return
    const { options } = this
    this.phase = 'previewing'
    this.error = null
    try {
      const preview = await this.#client.call('imports.preview', { id, options }, { signal: this.#cancelling.signal })
      if (this.options !== options || this.#id !== id) return // Chosen otherwise meanwhile: a later look is under way.
      this.preview = preview
      this.phase = 'ready'
    } catch (thrown) {
      if (this.options === options && this.#id === id && !wasCancelled(thrown)) this.#fail(thrown)
    }
  }

  #fail(thrown: unknown): void {
    this.error = asLabError(thrown)
    this.phase = this.preview === null ? 'failed' : 'ready'
  }

  #reset(): void {
    this.#watching?.close()
    this.#watching = null
    this.#cancelling = new AbortController()
    this.#id = null
    this.phase = 'empty'
    this.preview = null
    this.options = {}
    this.name = ''
    this.progress = null
    this.error = null
  }
}
