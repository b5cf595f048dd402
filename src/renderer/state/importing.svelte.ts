/** One import, from files that were dropped to a data set. */
import { z } from 'zod'
import type { DroppedFile, Platform } from '../../shared/bridge.ts'
import type { LabClient } from '../../shared/contract.ts'
import type { ImportProgress, KeptDataset } from '../../shared/contract/datasets.ts'
import type { ImportOptions, ImportPreview } from '../../shared/dataset-import.ts'
import { importOptionsSchema } from '../../shared/import-options.ts'
import { datasetNameFrom } from '../../shared/dataset-name.ts'
import { withAnswer } from '../../shared/import-options.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { LabError } from '../../shared/errors.ts'
import { asLabError, wasCancelled } from './errors.ts'
import type { SessionDraft } from './session-draft.ts'
import { chooseSplit, type SplitChoice, type TypedSplit } from './split-choice.ts'

export type ImportPhase = 'empty' | 'bringing' | 'previewing' | 'ready' | 'committing' | 'failed'

/** An answer to a question, and what was chosen before it: where taking it back leads. */
const answerSchema = z.strictObject({ question: z.string(), words: z.string(), before: importOptionsSchema })
export type GivenAnswer = z.infer<typeof answerSchema>

/** What a reload goes on with: the lab still has the files. */
export const importDraftSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  options: importOptionsSchema,
  answers: z.array(answerSchema),
  typed: z.object({ validation: z.number().nullish(), test: z.number().nullish() }).nullable(),
})
type Kept = SessionDraft<z.infer<typeof importDraftSchema>>

export class Importing {
  phase = $state<ImportPhase>('empty')
  preview = $state.raw<ImportPreview | null>(null)
  options = $state.raw<ImportOptions>({})
  /** In their order; what a later one asks may hang on an earlier one. */
  answers = $state.raw<readonly GivenAnswer[]>([])
  name = $state('')
  /** Of the split, what was typed and is not part of the preview yet. */
  #typed = $state.raw<TypedSplit | null>(null)
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
  readonly #kept: Kept | undefined

  /**
   * @param opened an import has begun: shows it
   * @param kept where what was chosen outlives a reload
   */
  constructor(client: LabClient, platform: Platform, opened: () => void, kept?: Kept) {
    this.#kept = kept
    this.#client = client
    this.#platform = platform
    this.#opened = opened
  }

  /** For a reload to go on with, once there is something to look at. */
  keep(): void {
    const { name, options } = this
    const answers = [...this.answers]
    const typed = this.#typed === null ? null : { validation: this.#typed.validation, test: this.#typed.test }
    if (this.preview !== null && this.#id !== null) this.#kept?.write({ id: this.#id, name, options, answers, typed })
  }

  /** Goes on with what was looked at before a reload, where the lab still has it. */
  async restore(): Promise<void> {
    const before = this.#kept?.read() ?? null
    if (before === null || this.#id !== null) return
    const { id, name, options, answers, typed } = before
    this.#watch(id)
    this.name = name
    this.options = options
    this.answers = answers
    await this.#look()
    if (this.preview === null) this.#reset()
    else this.#typed = typed === null ? null : { validation: typed.validation, test: typed.test }
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

  /** Has a published data set fetched, and looks at it. */
  async fetch(name: string): Promise<void> {
    await this.#bringing([name], (id, signal) => this.#client.call('imports.fetch', { id, name }, { signal }).then(() => undefined))
  }

  /** Changes what is done to the images, and looks again. */
  async choose(options: ImportOptions): Promise<void> {
    this.options = options
    await this.#look()
  }

  /** What the fields of the split hold; null: nothing was looked at yet. */
  get typedSplit(): TypedSplit | null {
    return this.#typed ?? this.preview?.suggestedSplit ?? null
  }

  /** What that comes to, and what is wrong with it. */
  get split(): SplitChoice | null {
    return this.preview === null || this.typedSplit === null ? null : chooseSplit(this.preview, this.typedSplit)
  }

  /** Whether the form holds what can be imported. */
  get isRight(): boolean {
    return this.preview?.doubts.length === 0 && this.name.trim() !== '' && Object.keys(this.split?.wrong ?? {}).length === 0
  }

  typeSplit(part: Partial<TypedSplit>): void {
    if (this.typedSplit !== null) this.#typed = { ...this.typedSplit, ...part }
  }

  /** Looks again at what becomes of the files with the split that was typed, where nothing is wrong with it. */
  async chooseSplit(): Promise<void> {
    const typed = this.#typed
    if (typed === null || this.split === null || Object.keys(this.split.wrong).length > 0) return
    await this.choose({ ...this.options, split: this.split.sizes })
    if (this.#typed === typed) this.#typed = null
  }

  /** Answers a doubt, and looks again at what that makes of the files. */
  async answer(question: string, { words, options }: { words: string; options: ImportOptions }): Promise<void> {
    this.answers = [...this.answers, { question, words, before: this.options }]
    await this.choose(withAnswer(this.options, options))
  }

  /** Asks the question of an answer again, and those after it; what the form has chosen since stays. */
  async askAgain(answer: GivenAnswer): Promise<void> {
    const { size, colour, fit, split } = this.options
    this.answers = this.answers.slice(0, this.answers.indexOf(answer))
    await this.choose({ ...answer.before, ...omitUndefined({ size, colour, fit, split }) })
  }

  /** Keeps the data set; null: it failed, or was cancelled, and `error` says why. */
  async commit(): Promise<KeptDataset | null> {
    const id = this.#id
    if (id === null || !this.isRight) return null
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
    this.#watch(id)
    return id
  }

  #watch(id: string): void {
    this.#id = id
    this.#watching = this.#client.open('imports.watch', { id }, { item: (progress) => (this.progress = progress) })
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
    this.#kept?.write(null)
    this.#cancelling = new AbortController()
    this.#id = null
    this.phase = 'empty'
    this.preview = null
    this.options = {}
    this.answers = []
    this.name = ''
    this.#typed = null
    this.progress = null
    this.error = null
  }
}
