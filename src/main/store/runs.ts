/** Runs: the document that decides them, the state they are in, and where they came from. */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import type { ErrorValue } from '../../shared/errors.ts'
import { LabError } from '../../shared/errors.ts'
import { experimentSchema } from '../../shared/experiment.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { assertWritable, noRun } from './context.ts'
import type { StoreContext } from './context.ts'
import { makeFolder, sha256 } from './files.ts'
import { nameRun } from './run-names.ts'
import { canonicalJson, seal, unseal } from './seal.ts'
import type { Run, RunState, RunStore, RunSummary } from './types.ts'

interface SummaryRow {
  id: string
  name: string
  state: RunState
  step: number
  steps: number
  preset: string
  dataset: string
  parent_run: string | null
  parent_step: number | null
  tags: string
  note: string
  created_at: number
  started_at: number | null
  updated_at: number
  ended_at: number | null
  seconds: number
  error: string | null
}

interface Row extends SummaryRow {
  document: string
  machine: string | null
  versions: string | null
  farm_processes: number | null
}

/** From which states a run may come into each. */
const comesFrom: Record<RunState, readonly RunState[]> = {
  queued: ['queued', 'paused', 'finished', 'stopped', 'failed', 'interrupted'],
  training: ['queued', 'paused', 'finished', 'stopped', 'failed', 'interrupted'],
  paused: ['training', 'queued', 'interrupted'],
  finished: ['training', 'queued', 'paused', 'interrupted'],
  stopped: ['training', 'queued', 'paused', 'interrupted'],
  failed: ['training', 'queued', 'paused', 'interrupted'],
  interrupted: ['training', 'queued'],
}

const ends: readonly RunState[] = ['finished', 'stopped', 'failed']

export function runStore(context: StoreContext): RunStore {
  const { db, dataDir, now } = context
  const brief =
    'id, name, state, step, steps, preset, dataset, parent_run, parent_step, tags, note, created_at, started_at, updated_at, ended_at, seconds, error'
  const summaries = db.query<SummaryRow>(
    'list runs',
    `SELECT ${brief} FROM run WHERE deleted_at IS NULL ORDER BY created_at DESC, key DESC`,
  )
  const summaryById = db.query<SummaryRow>('read a run in brief', `SELECT ${brief} FROM run WHERE id = ? AND deleted_at IS NULL`)
  const byId = db.query<Row>(
    'read a run',
    `SELECT ${brief}, document, machine, versions, farm_processes FROM run WHERE id = ? AND deleted_at IS NULL`,
  )
  const taken = db.query('see whether an id is taken', 'SELECT 1 FROM run WHERE id = ?')
  const hasDataset = db.query('see whether a data set is there', 'SELECT 1 FROM dataset WHERE hash = ? AND deleted_at IS NULL')
  const hasCheckpoint = db.query(
    'see whether a checkpoint is there',
    'SELECT 1 FROM checkpoint JOIN run ON run.key = checkpoint.run WHERE run.id = ? AND run.deleted_at IS NULL AND checkpoint.step = ?',
  )
  const insert = db.command(
    'make a run',
    `INSERT INTO run (id, name, state, document, preset, steps, dataset, parent_run, parent_step, tags, note, created_at, updated_at)
     VALUES (?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const setState = db.command(
    'move a run',
    'UPDATE run SET state = ?, step = ?, seconds = ?, error = ?, started_at = ?, ended_at = ?, updated_at = ? WHERE id = ?',
  )
  const setMachine = db.command(
    'note what a run runs on',
    'UPDATE run SET machine = ?, versions = ?, farm_processes = ?, updated_at = ? WHERE id = ?',
  )
  const setProgress = db.command(
    'note the progress of a run',
    'UPDATE run SET step = max(step, ?), seconds = coalesce(?, seconds), updated_at = ? WHERE id = ?',
  )
  const setText = db.command('edit a run', 'UPDATE run SET name = ?, note = ?, tags = ?, updated_at = ? WHERE id = ?')
  const needy = db.query<{ id: string }>(
    'find forks that need a run',
    'SELECT id FROM run WHERE parent_run = ? AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key)',
  )
  const setDeleted = db.command('remove a run', 'UPDATE run SET deleted_at = ? WHERE id = ?')
  const removed = db.query<{ dataset: string; parent_run: string | null; trained: number }>(
    'read a removed run',
    `SELECT dataset, parent_run, EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key) AS trained
     FROM run WHERE id = ? AND deleted_at IS NOT NULL`,
  )
  const restoreDataset = db.command(
    'restore the data set of a run',
    'UPDATE dataset SET deleted_at = NULL WHERE hash = ? AND deleted_at IS NOT NULL',
  )

  function find(id: string): Run | null {
    const exact = byId.get(id)
    if (exact !== undefined) return toRun(exact)
    const rows = summaries.all()
    const begins = id === '' ? [] : rows.filter((row) => row.id.startsWith(id))
    const matching = begins.length > 0 ? begins : rows.filter((row) => row.name === id)
    if (matching.length === 0) return null
    if (matching.length > 1) {
      throw new LabError(
        'wrong-use',
        `${matching.length} runs match ${id}: ${matching.map((row) => row.id).join(', ')}.`,
        'Write more of its id.',
      )
    }
    return toRun(row(matching[0].id))
  }

  const changed = (id: string): void => context.changed({ kind: 'run', id })

  function get(id: string): Run {
    const found = find(id)
    if (found === null) throw noRun(id)
    return found
  }

  /** Read without its document, which is not needed to move a run (and may be the damaged part). */
  function row(id: string): Row {
    const found = byId.get(id)
    if (found === undefined) throw noRun(id)
    return found
  }

  function toSummary(row: SummaryRow): RunSummary {
    const { parent_run: run, parent_step: step } = row
    return {
      id: row.id,
      name: row.name,
      state: context.orphaned && row.state === 'training' ? 'interrupted' : row.state,
      step: row.step,
      steps: row.steps,
      preset: row.preset,
      dataset: row.dataset,
      parent: run !== null && step !== null ? { run, step } : null,
      tags: unseal<string[]>(row.tags, `The tags of run ${row.id}`),
      note: row.note,
      createdAt: row.created_at,
      startedAt: row.started_at,
      updatedAt: row.updated_at,
      endedAt: row.ended_at,
      seconds: row.seconds,
      error: row.error === null ? null : unseal<ErrorValue>(row.error, `The error of run ${row.id}`),
    }
  }

  function toRun(row: Row): Run {
    const parsed = experimentSchema.safeParse(unseal<unknown>(row.document, `The document of run ${row.id}`))
    if (!parsed.success) {
      throw new LabError(
        'corrupt',
        `The document of run ${row.id} cannot be read by this version: ${parsed.error.issues[0]?.message ?? 'unknown'}.`,
        'Use the version of Weightscape that made the run.',
      )
    }
    return {
      ...toSummary(row),
      document: parsed.data,
      documentHash: hashDocument(parsed.data),
      machine: row.machine === null ? null : unseal<Record<string, string | number>>(row.machine, `The machine of run ${row.id}`),
      versions: row.versions === null ? null : unseal<Record<string, string>>(row.versions, `The versions of run ${row.id}`),
      farmProcesses: row.farm_processes,
    }
  }

  return {
    create({ document, name, parent, tags = [], note = '' }) {
      return db.transaction('make a run', () => {
        if (hasDataset.get(document.data.id) === undefined) {
          throw new LabError('not-found', `There is no data set ${document.data.id}.`, 'Add it first with: weightscape data add PATH')
        }
        if (parent !== undefined && hasCheckpoint.get(parent.run, parent.step) === undefined) {
          throw new LabError(
            'not-found',
            `Run ${parent.run} has no checkpoint at step ${parent.step}.`,
            `See which it has with: weightscape show ${parent.run}`,
          )
        }
        const id = nameRun((candidate) => taken.get(candidate) !== undefined, randomInt)
        insert.run(
          id,
          name ?? id,
          seal(document),
          document.preset,
          document.training.steps,
          document.data.id,
          parent?.run ?? null,
          parent?.step ?? null,
          seal(tags),
          note,
          now(),
          now(),
        )
        changed(id)
        return get(id)
      })
    },
    list(filter = {}) {
      return summaries
        .all()
        .map(toSummary)
        .filter((run) => filter.state === undefined || run.state === filter.state)
        .filter((run) => filter.dataset === undefined || run.dataset === filter.dataset)
        .filter((run) => filter.tag === undefined || run.tags.includes(filter.tag))
    },
    get,
    find,
    summary(id) {
      const found = summaryById.get(id)
      return found === undefined ? null : toSummary(found)
    },
    move(id, to, facts = {}) {
      db.transaction('move a run', () => {
        const run = row(id)
        if (!comesFrom[to].includes(run.state)) {
          throw new LabError(
            'conflict',
            `Run ${id} is ${run.state} and cannot become ${to}.`,
            run.state === 'training' ? 'Pause or stop it first.' : `See how it stands with: weightscape show ${id}`,
          )
        }
        const error = facts.error === undefined ? (to === 'training' || to === 'queued' ? null : run.error) : seal(facts.error)
        const started = run.started_at ?? (to === 'training' ? now() : null)
        const ended = ends.includes(to) ? now() : null
        setState.run(to, facts.step ?? run.step, facts.seconds ?? run.seconds, error, started, ended, now(), id)
      })
      changed(id)
      return get(id)
    },
    setMachine(id, { machine, versions, farmProcesses }) {
      row(id)
      setMachine.run(seal(machine), seal(versions), farmProcesses, now(), id)
      changed(id)
    },
    progress(id, step, seconds) {
      if (setProgress.run(step, seconds ?? null, now(), id).changes === 0) throw noRun(id)
      changed(id)
    },
    edit(id, fields) {
      db.transaction('edit a run', () => {
        const run = row(id)
        setText.run(fields.name ?? run.name, fields.note ?? run.note, fields.tags === undefined ? run.tags : seal(fields.tags), now(), id)
      })
      changed(id)
      return get(id)
    },
    remove(ids) {
      db.transaction('remove runs', () => {
        for (const id of ids) {
          if (row(id).state === 'training') throw new LabError('conflict', `Run ${id} is training.`, 'Stop it before removing it.')
          const forks = needy.all(id).flatMap((fork) => (ids.includes(fork.id) ? [] : [fork.id]))
          if (forks.length > 0) {
            throw new LabError(
              'conflict',
              `${forks.join(', ')} began from run ${id} and ${forks.length === 1 ? 'has' : 'have'} no checkpoint of ${forks.length === 1 ? 'its' : 'their'} own yet.`,
              'Train these forks a little, or remove them first.',
            )
          }
        }
        for (const id of ids) setDeleted.run(now(), id)
      })
      ids.forEach(changed)
    },
    restore(ids) {
      db.transaction('restore runs', () => {
        for (const id of ids) {
          const gone = removed.get(id)
          if (gone === undefined) {
            if (summaryById.get(id) !== undefined) continue
            throw noRun(id)
          }
          if (
            gone.trained === 0 &&
            gone.parent_run !== null &&
            removed.get(gone.parent_run) !== undefined &&
            !ids.includes(gone.parent_run)
          ) {
            throw new LabError('conflict', `Run ${id} begins from run ${gone.parent_run}, which is removed too.`, 'Restore both.')
          }
          setDeleted.run(null, id)
          if (restoreDataset.run(gone.dataset).changes > 0) context.changed({ kind: 'dataset', id: gone.dataset })
        }
      })
      ids.forEach(changed)
    },
    folder(id) {
      assertWritable(context)
      row(id)
      const path = join(dataDir, 'runs', id)
      makeFolder(dataDir, path)
      return path
    },
  }
}

/** SHA-256 of a document's canonical JSON, hex: equal experiments, equal hash. */
export function hashDocument(document: Experiment): string {
  return sha256(canonicalJson(document))
}

/** Moves runs that claim to train, though no engine can be alive, to `interrupted`; returns their ids. */
export function interruptOrphans(context: StoreContext): string[] {
  const training = context.db.query<{ id: string }>('find interrupted runs', "SELECT id FROM run WHERE state = 'training' ORDER BY key")
  const mark = context.db.command('mark interrupted runs', "UPDATE run SET state = 'interrupted', updated_at = ? WHERE state = 'training'")
  const ids = training.all().map((row) => row.id)
  if (ids.length > 0) mark.run(context.now())
  return ids
}
