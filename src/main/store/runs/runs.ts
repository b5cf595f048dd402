/** Runs: the document that decides them, the state they are in, and where they came from. */
import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { assertWritable, noRun, runKeys, trashed } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { eventWriter } from './events.ts'
import { makeFolder } from '../files/files.ts'
import { nameRun } from './run-names.ts'
import { runRemoval } from './run-removal.ts'
import { ofDocument, runColumns, summaryColumns, toRun, toSummary } from './run-rows.ts'
import type { Kin, OfDocument, RunRow, SummaryRow } from './run-rows.ts'
import { lineOf, moved } from './run-states.ts'
import type { Moved } from './run-states.ts'
import { toChecksummedJson } from '../files/checksummed-json.ts'
import type { MoveFacts, NewRun, Run, RunState, RunSummary } from '../types.ts'

export function runStore(context: StoreContext) {
  const { db, dataDir, now } = context
  const summaries = db.query<SummaryRow>(
    'list runs',
    `SELECT ${summaryColumns} FROM run WHERE deleted_at IS NULL ORDER BY created_at DESC, key DESC`,
  )
  // What repeats have in common in their rows too: of thousands of runs only these are read.
  const alike = db.query<SummaryRow>(
    'list runs that may repeat one',
    `SELECT ${summaryColumns} FROM run WHERE deleted_at IS NULL AND dataset = ? AND preset = ? AND steps = ? ORDER BY created_at DESC, key DESC`,
  )
  const newest = db.query<SummaryRow>(
    'list the newest runs',
    `SELECT ${summaryColumns} FROM run WHERE deleted_at IS NULL ORDER BY created_at DESC, key DESC LIMIT ?`,
  )
  const place = db.query<{ created_at: number; key: number }>('find the place of a run', 'SELECT created_at, key FROM run WHERE id = ?')
  const older = db.query<SummaryRow>(
    'list older runs',
    `SELECT ${summaryColumns} FROM run WHERE deleted_at IS NULL AND (created_at, key) < (?, ?) ORDER BY created_at DESC, key DESC LIMIT ?`,
  )
  const summaryById = db.query<SummaryRow>('read a run in brief', `SELECT ${summaryColumns} FROM run WHERE id = ? AND deleted_at IS NULL`)
  const byId = db.query<RunRow>('read a run', `SELECT ${runColumns} FROM run WHERE id = ? AND deleted_at IS NULL`)
  const documentOf = db.query<{ document: string }>('read the document of a run', 'SELECT document FROM run WHERE id = ?')
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
  const write = eventWriter(context)
  const keyOf = runKeys(context)
  const inTrash = trashed(context, 'run')
  /** What the disk did not take: shown in the place of what stands in the row, until it can be written. */
  const assumed = new Map<string, Moved>()
  /** Read once: the document of a run stays as it is. Another that comes later by the same id is as old as it is. */
  const told = new Map<string, OfDocument>()

  /** As `get`; null where there is none. */
  function find(id: string): Run | null {
    const exact = byId.get(id)
    if (exact !== undefined) return toRun(asAssumed(exact), toldBy(exact), context.orphaned)
    const rows = summaries.all()
    const begins = id === '' ? [] : rows.filter((row) => row.id.startsWith(id))
    const matching = begins.length > 0 ? begins : rows.filter((row) => row.name === id)
    if (matching.length === 0) return null
    if (matching.length > 1) {
      throw new LabError(
        'invalid-argument',
        `${matching.length} runs match ${id}: ${matching.map((row) => row.id).join(', ')}.`,
        'Write more of its id.',
      )
    }
    return find(matching[0].id)
  }

  const changed = (id: string): void => context.changed({ kind: 'run', id })

  /** By id, unique beginning of an id, or name. @throws LabError `not-found`, `invalid-argument` when several match */
  function get(id: string): Run {
    const found = find(id)
    if (found === null) throw inTrash(id) ?? noRun(id)
    return found
  }

  /** Read without its document, which is not needed to move a run (and may be the damaged part). */
  function row(id: string): SummaryRow {
    const found = summaryById.get(id)
    if (found === undefined) throw inTrash(id) ?? noRun(id)
    return asAssumed(found)
  }

  function asAssumed<R extends SummaryRow>(found: R): R {
    const instead = assumed.get(found.id)
    return instead === undefined ? found : { ...found, ...instead }
  }

  function toldBy({ id, createdAt, parentRun }: SummaryRow): OfDocument {
    const key = `${id} ${createdAt}`
    const known = told.get(key)
    if (known !== undefined) return known
    const found = ofDocument(id, documentOf.get(id)?.document ?? '', parentRun !== null)
    told.set(key, found)
    return found
  }

  /** Not taken, by a run that was removed neither. */
  const unusedId = (): string => nameRun((candidate) => taken.get(candidate) !== undefined, randomInt)

  const summaryOf = (found: SummaryRow): RunSummary => toSummary(asAssumed(found), toldBy(found), context.orphaned)

  return {
    /** A new run, `queued`. @throws LabError `not-found` when its data set (or its parent's checkpoint) is not in the store */
    create({ id: given, document, name, parent, tags = [], note = '' }: NewRun) {
      return db.transaction('make a run', () => {
        if (hasDataset.get(document.data.id) === undefined) {
          throw new LabError('not-found', `There is no data set ${document.data.id}.`, 'Add it first.', { action: 'add-data' })
        }
        if (parent !== undefined && hasCheckpoint.get(parent.run, parent.step) === undefined) {
          throw new LabError('not-found', `Run ${parent.run} has no checkpoint at step ${parent.step}.`, 'See which it has.', {
            action: 'show-run',
            run: parent.run,
          })
        }
        const id = given ?? unusedId()
        const { key } = insert.run(
          id,
          name ?? id,
          toChecksummedJson(document),
          document.preset,
          document.training.steps,
          document.data.id,
          parent?.run ?? null,
          parent?.step ?? null,
          toChecksummedJson(tags),
          note,
          now(),
          now(),
        )
        if (parent === undefined) write(key, id, { kind: 'state', text: 'Created' })
        else {
          write(key, id, { kind: 'fork', step: parent.step, text: `Forked from ${parent.run}` })
          write(keyOf(parent.run), parent.run, { kind: 'fork', step: parent.step, text: `Forked as ${id}` })
        }
        changed(id)
        return get(id)
      })
    },
    /** Newest first. */
    list: (tag?: string) =>
      summaries
        .all()
        .map(summaryOf)
        .filter((run) => tag === undefined || run.tags.includes(tag)),
    /** Those of the same document as any of some, whatever their seeds. Of one document newest first. */
    repeats(of: readonly Kin[]) {
      const families = new Set(of.map(({ family }) => family))
      const kinds = new Map(of.map((one) => [`${one.dataset} ${one.preset} ${one.steps}`, one]))
      return [...kinds.values()].flatMap(({ dataset, preset, steps }) =>
        alike
          .all(dataset, preset, steps)
          .map(summaryOf)
          .filter(({ family }) => family !== null && families.has(family)),
      )
    },
    /** Newest first, at most so many; with `before`, of those that come after that run, itself removed or not. @throws LabError `not-found` */
    page(limit: number, before?: string) {
      if (before === undefined) return newest.all(limit).map(summaryOf)
      const after = place.get(before)
      if (after === undefined) throw noRun(before)
      return older.all(after.created_at, after.key, limit).map(summaryOf)
    },
    get,
    find,
    /** By id, beginning of an id or name: what to say of one that is there. */
    inTrash,
    unusedId,
    /** By whole id; null: there is none, or it was removed. */
    summary(id: string) {
      const found = summaryById.get(id)
      return found === undefined ? null : summaryOf(found)
    },
    /**
     * Moves a run to a state. Entering `training` sets `startedAt` the first time and clears `error`
     * and `endedAt`; `finished`, `stopped` and `failed` set `endedAt`. The log gets a line of it.
     * @throws LabError `conflict` when the run's state does not allow it
     */
    move(id: string, to: RunState, facts: MoveFacts = {}) {
      db.transaction('move a run', () => {
        const before = row(id)
        const { state, step, seconds, error, startedAt, endedAt, updatedAt } = moved(before, to, facts, now())
        setState.run(state, step, seconds, error, startedAt, endedAt, updatedAt, id)
        const line = lineOf(before, to, facts)
        if (line !== null) write(keyOf(id), id, { ...line, step })
      })
      assumed.delete(id)
      changed(id)
      return get(id)
    },
    /**
     * As `move`, where the disk does not take it: shown from now on, and gone when this store is closed,
     * unless the run is moved again before.
     */
    assume(id: string, to: RunState, facts: MoveFacts = {}) {
      assertWritable(context)
      assumed.set(id, moved(row(id), to, facts, now()))
      changed(id)
    },
    /** What it runs on; kept with the run, for its report. */
    setMachine(id: string, { machine, versions, farmProcesses }: { [K in 'machine' | 'versions' | 'farmProcesses']: NonNullable<Run[K]> }) {
      row(id)
      setMachine.run(toChecksummedJson(machine), toChecksummedJson(versions), farmProcesses, now(), id)
      changed(id)
    },
    /** Step and seconds reached so far, while it trains. */
    progress(id: string, step: number, seconds?: number) {
      if (setProgress.run(step, seconds ?? null, now(), id).changes === 0) throw noRun(id)
      changed(id)
    },
    edit(id: string, fields: Partial<Pick<Run, 'name' | 'note' | 'tags'>>) {
      db.transaction('edit a run', () => {
        const run = row(id)
        setText.run(
          fields.name ?? run.name,
          fields.note ?? run.note,
          fields.tags === undefined ? run.tags : toChecksummedJson(fields.tags),
          now(),
          id,
        )
      })
      changed(id)
      return get(id)
    },
    ...runRemoval(context, (id) => row(id).state),
    /** Folder for files of this run (exports, logs); made if absent. */
    folder(id: string) {
      assertWritable(context)
      row(id)
      const path = join(dataDir, 'runs', id)
      makeFolder(dataDir, path)
      return path
    },
  }
}
