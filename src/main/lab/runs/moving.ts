/**
 * Runs as one checked file, with their data sets, checkpoints, results and notes, and studies with their runs: from one lab into another,
 * and from an older version into a newer one. The file is a data folder of these runs alone, in a tar archive with checksums.
 */
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { LabError } from '../../../shared/errors.ts'
import { isRunFile } from '../../../shared/run-file.ts'
import { plainName, quoted } from '../../../shared/names.ts'
import type { StudyRecord } from '../../../shared/study.ts'
import { listed, plural } from '../../../shared/wording.ts'
import { canonicalJson } from '../../store/files/checksummed-json.ts'
import { openStore } from '../../store/open-store.ts'
import { codeOf } from '../../store/failures.ts'
import { waitOrPause } from '../../store/runs/run-states.ts'
import type { Store } from '../../store/open-store.ts'
import type { Run } from '../../store/types.ts'
import { damagedArchive, packFolder, unpackFolder } from '../formats/tar.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { inStaging } from './staging.ts'

const format = 'weightscape-runs-1'
const contentsSchema = z.object({
  format: z.string(),
  runs: z.array(z.object({ id: z.string(), name: z.string() })).min(1),
  datasets: z.array(z.string()),
  files: z.record(z.string(), z.object({ sha256: z.string(), size: z.int().min(0) })),
})
type ArchiveContents = z.infer<typeof contentsSchema>

/** How often runs are copied whose results come or go meanwhile. */
const tries = 3

/** What a data folder has beside what is of its runs. */
const notMoved = /^(lock\.|door\.key|backups$|orphans$|damaged$|slurm$|\.)/

export interface MovedRuns {
  runs: string[]
  datasets: string[]
  /** Names of studies and sweeps. */
  studies: string[]
}

export class MovingService extends LabService<LabContext> {
  /**
   * Writes runs into a file. @param ids of runs @param studies names of those that go along @returns what is in it, and its bytes
   * @throws LabError `not-found`, `conflict` while one trains, `disk`, `corrupt` where a file of theirs is damaged
   */
  async export(
    ids: readonly string[],
    path: string,
    studies: readonly string[] = [],
  ): Promise<MovedRuns & { path: string; bytes: number }> {
    const { store } = this.context
    if (ids.length === 0) throw new LabError('conflict', 'There are no runs to export.', 'Train some first.', { action: 'list-runs' })
    const runs = ids.map((id) => store.runs.get(id))
    for (const { id, state } of runs) {
      if (state === 'training')
        throw new LabError('conflict', `Run ${id} trains, and would be written half done.`, waitOrPause, {
          action: 'show-run',
          run: id,
        })
    }
    const wanted = {
      runs: runs.map(({ id }) => id),
      datasets: [...new Set(runs.map(({ document }) => document.data.id))],
      studies: [...studies],
    }
    for (let left = tries; ; left--) {
      try {
        return await this.#pack(runs, wanted, path)
      } catch (error) {
        if (left === 1 || !((error instanceof LabError && error.code === 'corrupt') || codeOf(error) === 'ENOENT')) throw error
        // What is damaged here says so itself; what came or went while it was copied is copied again.
        await assertWhole(store, wanted)
      }
    }
  }

  async #pack(runs: readonly Run[], wanted: MovedRuns, path: string): Promise<MovedRuns & { path: string; bytes: number }> {
    // Whoever only reads the lab may export: nothing is put into its folder.
    const folder = await mkdtemp(join(tmpdir(), 'weightscape-runs-'))
    try {
      const copy = openStore(folder)
      try {
        await copy.take(this.context.store.dataDir, wanted)
        // One that lies among those of a run is no part of the run.
        for (const { id, name } of copy.artefacts.list()) if (isRunFile(name)) await copy.artefacts.remove(id)
        for (const name of wanted.studies) await copy.studies.put(this.context.store.studies.get(name))
        await assertWhole(copy, wanted)
      } finally {
        copy.close()
      }
      const told = { format, runs: runs.map(({ id, name }) => ({ id, name })), datasets: wanted.datasets }
      const bytes = await packFolder<ArchiveContents>(folder, path, told, notMoved)
      return { ...wanted, path, bytes }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  /**
   * Brings the runs of such a file into this lab, each whole or not at all; those that are here already, the same, stay as they are.
   * @throws LabError `bad-input` where it is no such file or damaged, `conflict` where another run has the id of one, `newer-store`, `disk`
   */
  async import(path: string): Promise<MovedRuns & { there: string[]; studiesThere: string[] }> {
    const { store } = this.context
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isFile() !== true)
      throw new LabError(
        'bad-input',
        found === undefined ? `There is no ${path}.` : `${path} is no file.`,
        'Give a file that was made by exporting runs.',
      )
    // Not where it lies: what a browser sent lies where nobody put it.
    const name = plainName(basename(path))
    return inStaging(store.dataDir, async (staging) => {
      const told = await unpackFolder(path, staging, (value) => contentsOf(name, value), name)
      const wanted = { runs: told.runs.map(({ id }) => id), datasets: told.datasets }
      const from = await openWhole(name, staging, wanted)
      try {
        const there = wanted.runs.filter((id) => isHere(store, from, id))
        const studies = newStudies(store, from)
        const { runs, datasets } = await store.take(staging, wanted, name)
        const removed = wanted.runs.find((id) => !there.includes(id) && !runs.includes(id))
        if (removed !== undefined)
          throw new LabError(
            'conflict',
            `Run ${removed} is here already, in the trash.`,
            'Restore it there, or erase it and import it again.',
            { action: 'trash' },
          )
        for (const study of studies) await store.studies.put(study)
        const came = studies.map(({ name }) => name)
        const kept = from.studies.all().records.flatMap(({ name }) => (came.includes(name) ? [] : [name]))
        return { runs, datasets, there, studies: came, studiesThere: kept }
      } finally {
        from.close()
      }
    })
  }
}

function contentsOf(name: string, value: unknown): ArchiveContents {
  const parsed = contentsSchema.safeParse(value)
  if (parsed.success && parsed.data.format === format) return parsed.data
  throw new LabError(
    'bad-input',
    parsed.success ? `${name} is of a form that this version does not know (${parsed.data.format}).` : `${name} holds no runs.`,
    parsed.success ? 'Use the version of Weightscape that wrote it, or a newer one.' : 'Give a file that was made by exporting runs.',
  )
}

/** Every checkpoint, result and data set is read. @throws LabError `corrupt`, `not-found` */
async function assertWhole(store: Store, { runs, datasets }: Pick<MovedRuns, 'runs' | 'datasets'>): Promise<void> {
  for (const hash of datasets) await store.datasets.check(hash)
  for (const id of runs) {
    for (const { step } of store.checkpoints.list(id)) await store.checkpoints.at(id, step)
    for (const result of store.results.list(id)) await store.results.arrays(result)
  }
}

/** What an archive of this name held, opened, when all of it is sound. @param folder where it lies now, gone by the time that anybody looks @throws LabError */
async function openWhole(name: string, folder: string, wanted: Pick<MovedRuns, 'runs' | 'datasets'>): Promise<Store> {
  let store: Store | undefined
  try {
    store = openStore(folder)
    await assertWhole(store, wanted)
    return store
  } catch (error) {
    store?.close()
    if (!(error instanceof LabError)) throw error
    if (error.code === 'newer-store')
      throw new LabError(error.code, `${name} was written by a newer Weightscape.`, 'Nothing was changed. Import it with that version.', {
        cause: error,
      })
    if (error.code !== 'corrupt' && error.code !== 'not-found') throw error
    throw damagedArchive(name, error.message.replaceAll(`${folder}/`, '').replace(/\.$/, ''), error)
  }
}

/** Whether a run is here already, the same. @throws LabError `conflict` where it is another */
function isHere(here: Store, from: Store, id: string): boolean {
  if (here.runs.summary(id) === null) return false
  const facts = (store: Store): string => {
    const { document, step } = store.runs.get(id)
    return JSON.stringify([document, step, store.checkpoints.list(id).map(({ hash }) => hash)])
  }
  if (facts(here) === facts(from)) return true
  throw new LabError(
    'conflict',
    `There is a run ${id} already, and it is another than that of the file, or has gone on since. Nothing was changed.`,
    'Remove it, and erase it from the trash, first; or import into another data folder.',
    { settings: { dataDir: null } },
  )
}

/** Those that are not here yet. @throws LabError `conflict` where one of the name is of something else, `corrupt` */
function newStudies(here: Store, from: Store): StudyRecord[] {
  const { records, lost } = from.studies.all()
  if (lost.length > 0) throw new LabError('corrupt', lost[0].why, 'Export it again where it came from.')
  return records.filter((record) => {
    if (!here.studies.has(record.name)) return true
    const { study, plan } = here.studies.get(record.name)
    const isSame = canonicalJson(study) === canonicalJson(record.study)
    if (isSame && plan.length === 0) return true
    if (isSame && canonicalJson(plan) === canonicalJson(record.plan)) return false
    throw new LabError(
      'conflict',
      `There is a study ${quoted(record.name)} already, of something else. Nothing was changed.`,
      'Remove it first (its runs stay), or import into another data folder.',
      { settings: { dataDir: null } },
    )
  })
}

/** "2 runs, 1 data set and 1 study" */
export const movedInWords = ({ runs, datasets, studies }: MovedRuns): string =>
  listed([
    plural(runs.length, 'run'),
    ...(datasets.length === 0 ? [] : [plural(datasets.length, 'data set')]),
    ...(studies.length === 0 ? [] : [plural(studies.length, 'study', 'studies')]),
  ])
