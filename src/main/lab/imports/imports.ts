/**
 * Files from outside become data sets: received or named, looked at as often as the person likes, and
 * kept whole or not at all. Everything on the way lies in a staging folder beside the data sets.
 */
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, statfsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { ImportProgress, KeptDataset } from '../../../shared/contract/datasets.ts'
import type {
  DatasetImporter,
  ImportOptions,
  ImportPlan,
  ImportPreview,
  ImportSession,
  ImportStep,
} from '../../../shared/dataset-import.ts'
import { datasetNameFrom } from '../../../shared/dataset-name.ts'
import { quoted } from '../../../shared/names.ts'
import { bytes as bytesInWords } from '../../../shared/wording.ts'
import { LabError, defect, toErrorValue } from '../../../shared/errors.ts'
import { publishedDataset, publishedDatasets } from '../../../shared/published-datasets.ts'
import { importCancelled } from '../../data/context.ts'
import { fileFailure } from '../../store/failures.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { didYouMean } from '../experiment/suggest.ts'
import { fetchPackage } from './fetch-package.ts'

/** Bytes that files which are sent leave free on the disk. */
const reservedBytes = 2 ** 28
/** A process that nobody has asked anything for so long is let go; the next question starts another. */
const idleFor = 10 * 60_000

type Phase = ImportProgress['phase']

/** Where files that are sent are put. */
export interface UploadArea {
  /** Exists, and is the import's own. */
  path: string
  /** Sets room aside for bytes that will come, over all imports. @returns whether there is as much */
  reserve(bytes: number): boolean
  /** They are on the disk, or will not come. */
  release(bytes: number): void
  /** A file is there whole. */
  received(relativePath: string): void
}

interface Import {
  id: string
  /** `upload`: files that were sent; `work`: what is needed on the way; `data`: the data set, once it is built. */
  staging: string
  /** Files and folders on this machine. */
  paths: string[]
  /** Name of the published data set that it fetched; null: its files were given. */
  published: string | null
  /** Ends what is being fetched. */
  fetching: AbortController | null
  session: ImportSession | null
  /** While the data set is put in its place, which is too short to be cut off: settles when that is over. */
  keeping: Promise<unknown> | null
  /** Its end, once that has begun. */
  ending: Promise<void> | null
  idle: NodeJS.Timeout | undefined
  progress: ImportProgress
  listeners: Set<(progress: ImportProgress) => void>
}

export class ImportService extends LabService<LabContext & { importer: DatasetImporter | undefined }> {
  readonly #imports = new Map<string, Import>()
  #begun = 0
  /** Bytes of files under way that have room set aside and are not on the disk yet. */
  #promised = 0

  /** Begins an import that has no files yet. @returns its id @throws LabError `disk` */
  begin(): string {
    const staging = this.#makeStaging()
    const id = `import-${++this.#begun}`
    this.#imports.set(id, {
      id,
      staging,
      paths: [],
      published: null,
      fetching: null,
      session: null,
      keeping: null,
      ending: null,
      idle: undefined,
      progress: { id, phase: 'receiving', done: 0, total: 0, note: '' },
      listeners: new Set(),
    })
    return id
  }

  /** Bytes that may still come, beside those that are promised room. */
  #roomFor({ staging }: Import): number {
    const { bavail, bsize } = statfsSync(staging)
    return bavail * bsize - reservedBytes - this.#promised
  }

  /** A folder of its own. */
  #makeStaging(): string {
    const { store } = this.context
    // Somebody who only looks writes nothing in the data folder.
    const root = store.readOnly ? tmpdir() : store.dataDir
    try {
      const staging = store.readOnly ? mkdtempSync(join(root, 'weightscape-import-')) : store.datasets.makeStaging()
      for (const folder of ['upload', 'work', 'data']) mkdirSync(join(staging, folder))
      return staging
    } catch (error) {
      throw fileFailure(error, 'make a folder for what is imported', root)
    }
  }

  /** Names files and folders on this machine. @throws LabError `not-found`, `conflict` when it has ended */
  addPaths(id: string, paths: readonly string[]): void {
    const one = this.#open(id)
    one.paths.push(...paths.map((path) => resolve(path)))
    this.#forget(one)
  }

  /**
   * Fetches a data set that somebody publishes, as the import's only files.
   * @throws LabError `not-found` when none has that name, `conflict` when it has files, `set-up`, `bad-input`, `disk`, `cancelled`
   */
  async fetch(id: string, name: string): Promise<void> {
    const one = this.#open(id)
    const published = publishedDataset(name)
    if (published === undefined)
      throw new LabError(
        'not-found',
        `There is no file or folder ${quoted(name)}, and no data set of that name can be fetched.${didYouMean(name, Object.keys(publishedDatasets))}`,
        `See that the path is right; what can be fetched: ${Object.keys(publishedDatasets).join(', ')}.`,
      )
    if (one.paths.length > 0 || sentNames(one).length > 0 || one.fetching !== null)
      throw new LabError('conflict', 'This import has files already.', 'Begin another for the data set that is fetched.')
    const { title, bytes } = published
    // Packed twice, as npm keeps it and as it is handed over, unpacked, and as a data set.
    if (4 * bytes > this.#roomFor(one))
      throw new LabError('disk', `There is too little room on the disk to fetch ${title}.`, `Make ${bytesInWords(4 * bytes)} free.`)
    one.fetching = new AbortController()
    const progress = (done: number) => this.#tell(one, 'receiving', { note: `fetching ${title}`, done, total: bytes })
    progress(0)
    try {
      await fetchPackage(published, join(one.staging, 'upload'), join(one.staging, 'fetch'), { signal: one.fetching.signal, progress })
      one.published = name
      this.#forget(one)
    } catch (error) {
      throw this.#failed(one, error)
    } finally {
      one.fetching = null
    }
  }

  /** Where files that are sent for it go, under names that were checked. @throws LabError `not-found`, `conflict` when it has ended */
  uploadArea(id: string): UploadArea {
    const one = this.#open(id)
    return {
      path: join(one.staging, 'upload'),
      reserve: (bytes) => {
        const fits = bytes <= this.#roomFor(one)
        if (fits) this.#promised += bytes
        return fits
      },
      release: (bytes) => {
        this.#promised -= bytes
      },
      received: (relativePath) => {
        this.#forget(one)
        this.#tell(one, 'receiving', {
          note: relativePath,
          done: one.progress.phase === 'receiving' ? one.progress.done + 1 : 1,
          total: 0,
        })
      },
    }
  }

  /**
   * What would become of the files. A later call takes the place of one under way.
   * @throws LabError `bad-input`, `not-found`, `memory`, `disk`, `invalid-argument`, `cancelled`
   */
  async preview(id: string, options: ImportOptions): Promise<ImportPreview> {
    const one = this.#open(id)
    this.#tell(one, 'surveying', { note: 'looking at the files', done: 0, total: 0 })
    try {
      const preview = await this.#session(one).preview(withPublished(one, options), (step) => this.#tell(one, 'previewing', step))
      this.#rest(one)
      return preview
    } catch (error) {
      throw this.#failed(one, error)
    }
  }

  /** The one image that it has, as planned; nothing is kept of it. @throws LabError as `ImportSession.picture` */
  picture(id: string, plan: ImportPlan): Promise<Uint8Array> {
    return this.#session(this.#open(id)).picture(plan)
  }

  /**
   * Keeps the files as a data set, whole or not at all, and ends the import. After an error that the
   * options can mend, it can be tried again.
   * @param name left out: from the files
   * @throws LabError as `preview`
   */
  async commit(id: string, { name, options }: { name?: string; options: ImportOptions }): Promise<KeptDataset> {
    const one = this.#open(id)
    const { datasets } = this.context.store
    const data = join(one.staging, 'data')
    this.#tell(one, 'building', { note: 'looking at the files', done: 0, total: 0 })
    try {
      mkdirSync(data, { recursive: true }) // an earlier try may have ended with it
      const staged = await this.#session(one).build(withPublished(one, options), data, (step) => this.#tell(one, 'building', step))
      if (isOver(one)) throw importCancelled()
      this.#tell(one, 'keeping', { note: 'putting it on the disk', done: 0, total: 0 })
      const adopting = datasets.adopt(staged, data, name ?? one.published ?? datasetNameFrom([...one.paths, ...sentNames(one)]))
      one.keeping = adopting.catch(() => undefined)
      const record = await adopting
      await this.#end(one, 'done')
      return record
    } catch (error) {
      throw this.#failed(one, error)
    }
  }

  /**
   * Ends it, whatever it does; nothing of it is left. One that has ended stays as it is, and one whose data
   * set is just being put in its place goes on to its end.
   */
  async cancel(id: string): Promise<void> {
    const one = this.#get(id)
    await one.keeping
    await this.#end(one, 'cancelled')
  }

  /** The whole way at once. @param paths or the name of a published data set @param name left out: from the files */
  async add(paths: readonly string[], { name, options = {} }: { name?: string; options?: ImportOptions } = {}): Promise<KeptDataset> {
    return this.#once(paths, (id) => this.commit(id, omitUndefined({ options, name })))
  }

  /** As `add`, but where something is in doubt nothing is kept (null), and the preview asks. */
  async addUnlessDoubted(
    paths: readonly string[],
    { name, options = {} }: { name?: string; options?: ImportOptions } = {},
  ): Promise<{ preview: ImportPreview; dataset: KeptDataset | null }> {
    return this.#once(paths, async (id) => {
      const preview = await this.preview(id, options)
      return { preview, dataset: preview.doubts.length > 0 ? null : await this.commit(id, omitUndefined({ options, name })) }
    })
  }

  /** What `add` would keep, without keeping it. */
  async look(paths: readonly string[], options: ImportOptions = {}): Promise<ImportPreview> {
    return this.#once(paths, (id) => this.preview(id, options))
  }

  /** Where it stands. @throws LabError `not-found` */
  progress(id: string): ImportProgress {
    return this.#get(id).progress
  }

  /** Hears how one goes on, or all (null). */
  subscribe(id: string | null, listener: (progress: ImportProgress) => void): () => void {
    const listeners = id === null ? this.#everywhere : this.#get(id).listeners
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }

  readonly #everywhere = new Set<(progress: ImportProgress) => void>()

  /** Ends those that work, as Ctrl+C does. @returns whether there was one */
  interrupt(): boolean {
    const working = [...this.#imports.values()].filter(
      ({ progress: { phase }, fetching }) => (phase !== 'receiving' || fetching !== null) && !ended.has(phase),
    )
    for (const one of working) void this.cancel(one.id)
    return working.length > 0
  }

  /** Ends all of them. */
  async close(): Promise<void> {
    await Promise.all([...this.#imports.keys()].map((id) => this.cancel(id)))
  }

  async #once<T>(paths: readonly string[], work: (id: string) => Promise<T>): Promise<T> {
    const id = this.begin()
    try {
      const [first] = paths
      const isName = paths.length === 1 && /^[\w-]+$/.test(first) && !existsSync(first)
      if (isName) await this.fetch(id, first)
      else this.addPaths(id, paths)
      return await work(id)
    } finally {
      await this.cancel(id)
    }
  }

  #get(id: string): Import {
    const found = this.#imports.get(id)
    if (found !== undefined) return found
    throw new LabError('not-found', `There is no import ${id}.`, 'It may have been begun before a restart: drop the files again.')
  }

  /** The one file that an import was begun for that is no data set. @throws LabError `invalid-argument` where there is another number */
  onlyFile(id: string): string {
    const [path, ...others] = this.files(id)
    if (path !== undefined && others.length === 0) return path
    throw new LabError('invalid-argument', `${path === undefined ? 'No file' : 'More than one file'} came.`, 'Give one.')
  }

  /** All that came, in order of name, for an import that is of no data set. */
  files(id: string): string[] {
    return sourcesOf(this.#open(id))
  }

  #open(id: string): Import {
    const one = this.#get(id)
    if (!isOver(one)) return one
    throw new LabError('conflict', `The import ${id} has ended (${one.progress.phase}).`, 'Begin another: drop the files again.')
  }

  #session(one: Import): ImportSession {
    if (isOver(one)) throw importCancelled()
    clearTimeout(one.idle)
    if (one.session !== null) return one.session
    if (this.context.importer === undefined) throw defect('This lab was opened without a reader of files.')
    const sources = sourcesOf(one)
    if (sources.length === 0)
      throw new LabError('invalid-argument', 'No files were named.', 'Name the files of the data set, or their folder.')
    one.session = this.context.importer.open(sources, join(one.staging, 'work'))
    return one.session
  }

  /** Lets its process go when nobody asks for a while. */
  #rest(one: Import): void {
    clearTimeout(one.idle)
    one.idle = setTimeout(() => this.#forget(one), idleFor)
    one.idle.unref()
  }

  /** Its files are others now: the next look is a new one. */
  #forget(one: Import): void {
    clearTimeout(one.idle)
    void one.session?.close()
    one.session = null
  }

  /** What took the place of a question, or ended it, has told for itself. */
  #failed(one: Import, error: unknown): unknown {
    if (!(error instanceof LabError && error.code === 'cancelled'))
      this.#tell(one, 'failed', { note: toErrorValue(error).message, done: 0, total: 0 })
    return error
  }

  /** The first to end it says how; whoever comes later waits for that. */
  #end(one: Import, phase: Phase): Promise<void> {
    return (one.ending ??= this.#clear(one, phase))
  }

  async #clear(one: Import, phase: Phase): Promise<void> {
    const { session } = one
    one.session = null
    clearTimeout(one.idle)
    one.fetching?.abort()
    this.#tell(one, phase, { note: '', done: 0, total: 0 })
    await session?.close()
    if (this.context.store.readOnly) await rm(one.staging, { recursive: true, force: true })
    else await this.context.store.datasets.dropStaging(one.staging)
  }

  #tell(one: Import, phase: Phase, step: ImportStep): void {
    if (isOver(one)) return
    one.progress = { id: one.id, phase, ...step }
    for (const listener of [...one.listeners, ...this.#everywhere]) listener(one.progress)
  }
}

/** Phases after which nothing comes. A failed one can be tried again with other options. */
const ended: ReadonlySet<Phase> = new Set(['done', 'cancelled'])

function isOver({ progress }: Import): boolean {
  return ended.has(progress.phase)
}

/** What a published data set's own files do not say stands unless the person says otherwise. */
function withPublished({ published }: Import, options: ImportOptions): ImportOptions {
  return { ...(published === null ? {} : publishedDatasets[published].options), ...options }
}

/** What was named, and what was sent. */
const sourcesOf = (one: Import): string[] => [...one.paths, ...sentNames(one).map((name) => join(one.staging, 'upload', name))]

/** Files and folders that were sent. */
function sentNames({ staging }: Import): string[] {
  return readdirSync(join(staging, 'upload')).sort()
}
