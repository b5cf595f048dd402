/** Checkpoints: files in `runs/RUN/checkpoints`, one row each, the row last. */
import { join } from 'node:path'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { decodeCheckpoint, encodeCheckpoint } from '../files/checkpoint-file.ts'
import { assertWritable, fromStored, runKeys, toStored } from '../context.ts'
import type { StoreContext } from '../context.ts'
import { eventWriter } from './events.ts'
import { makeFolder, readVerified, removeUnnamed, sha256, writeWhole } from '../files/files.ts'
import { HeldCheckpoints, prunable } from './retention.ts'
import { fromChecksummedJson } from '../files/checksummed-json.ts'
import type { CheckpointRecord, LatestCheckpoint, LoadedCheckpoint } from '../types.ts'

type Row = Omit<CheckpointRecord, 'pinned' | 'damaged'> & { key: number; kept: number; damaged: number }

export function checkpointStore(context: StoreContext) {
  const { db, dataDir, now } = context
  const keyOf = runKeys(context)
  const select =
    'SELECT checkpoint.key, run.id AS run, checkpoint.step, hash, reason, kept, damaged, bytes, path, checkpoint.created_at AS createdAt FROM checkpoint JOIN run ON run.key = checkpoint.run'
  const ofRun = db.query<Row>('list checkpoints', `${select} WHERE run.id = ? ORDER BY checkpoint.step DESC, checkpoint.key DESC`)
  const sizes = db.query<{ run: string; bytes: number }>(
    'see how large checkpoints are',
    `SELECT run.id AS run, bytes FROM checkpoint JOIN run ON run.key = checkpoint.run
     WHERE run.id IN (SELECT value FROM json_each(?)) ORDER BY checkpoint.step, checkpoint.key`,
  )
  const document = db.query<{ document: string }>('read a document', 'SELECT document FROM run WHERE id = ?')
  const insert = db.command(
    'keep a checkpoint',
    'INSERT INTO checkpoint (run, step, hash, reason, kept, bytes, path, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const renew = db.command(
    'renew a checkpoint',
    'UPDATE checkpoint SET reason = ?, kept = max(kept, ?), damaged = 0, bytes = ?, path = ? WHERE run = ? AND hash = ?',
  )
  const setStep = db.command('note the step of a run', 'UPDATE run SET step = ?, updated_at = ? WHERE key = ?')
  const setPinned = db.command('pin or unpin a checkpoint', 'UPDATE checkpoint SET kept = ? WHERE key = ?')
  const setDamaged = db.command('mark a damaged checkpoint', 'UPDATE checkpoint SET damaged = ? WHERE key = ?')
  const erase = db.command('prune a checkpoint', 'DELETE FROM checkpoint WHERE key = ?')
  const findPrunable = prunable(context)
  const held = new HeldCheckpoints()
  const write = eventWriter(context)

  const toRecord = ({ key: _key, kept, ...row }: Row): CheckpointRecord => ({
    ...row,
    pinned: kept === 1,
    damaged: row.damaged === 1,
    path: fromStored(context, row.path),
  })

  async function load(row: Row): Promise<LoadedCheckpoint> {
    const record = toRecord(row)
    const what = `The checkpoint of run ${row.run} at step ${row.step}`
    try {
      const bytes = await readVerified(
        record.path,
        row.hash,
        what,
        'Use another checkpoint of the run, or put the file back from a backup.',
      )
      const { state, document } = decodeCheckpoint(bytes, what)
      // A disk that had a bad day and is well again, or a file that was put back.
      if (record.damaged && !db.readOnly) setDamaged.run(0, row.key)
      return { record: { ...record, damaged: false }, state, document }
    } catch (error) {
      if (error instanceof LabError && error.code === 'corrupt' && !record.damaged && !db.readOnly) {
        db.transaction('mark a damaged checkpoint', () => {
          setDamaged.run(1, row.key)
          write(keyOf(row.run), row.run, { kind: 'warning', level: 'bad', step: row.step, text: `Checkpoint damaged: ${error.message}` })
        })
      }
      throw error
    }
  }

  async function prune(run: string): Promise<void> {
    const paths = db.transaction('prune checkpoints', () =>
      findPrunable(run)
        .filter(({ hash }) => !held.has(run, hash))
        .map(({ key, path }) => {
          erase.run(key)
          return fromStored(context, path)
        }),
    )
    for (const path of paths) await removeUnnamed(path)
  }

  return {
    /**
     * Writes a checkpoint and, in the same transaction as its row, the run's step; then prunes: the two
     * newest sound ones stay, and all that are pinned, forked from, or that results were made from.
     * @throws LabError `diverged` when a number in it is not finite
     */
    async save(run: string, state: CheckpointState, reason: CheckpointRecord['reason'], { pin = false } = {}) {
      assertWritable(context)
      const runKey = keyOf(run)
      const bytes = encodeCheckpoint(state, fromChecksummedJson<Experiment>(document.get(run)!.document, `The document of run ${run}`))
      const hash = sha256(bytes)
      const folder = join(dataDir, 'runs', run, 'checkpoints')
      // The hash in the name: the same step saved again with other bits never overwrites the one before.
      const path = join(folder, `${String(state.step).padStart(8, '0')}-${hash.slice(0, 12)}.safetensors`)
      makeFolder(dataDir, folder)
      await writeWhole(path, bytes, `write the checkpoint of step ${state.step}`)
      db.transaction('keep a checkpoint', () => {
        const stored = toStored(context, path)
        if (renew.run(reason, Number(pin), bytes.length, stored, runKey, hash).changes === 0) {
          insert.run(runKey, state.step, hash, reason, Number(pin), bytes.length, stored, now())
        }
        setStep.run(state.step, now(), runKey)
        write(runKey, run, { kind: 'checkpoint', step: state.step, text: 'Checkpoint' })
      })
      await prune(run)
      return toRecord(ofRun.all(run).find((row) => row.hash === hash)!)
    },
    /** Newest first. */
    list(run: string) {
      keyOf(run)
      return ofRun.all(run).map(toRecord)
    },
    /** Bytes of the newest of each run that has any. */
    newestSizes: (runs: readonly string[]): Map<string, number> =>
      new Map(sizes.all(JSON.stringify(runs)).map(({ run, bytes }) => [run, bytes])),
    /**
     * The newest sound checkpoint; null where the run has none.
     * @throws LabError `corrupt` when it has some and none is sound
     */
    async latest(run: string): Promise<LatestCheckpoint | null> {
      keyOf(run)
      const skipped: LatestCheckpoint['skipped'] = []
      for (const row of ofRun.all(run)) {
        try {
          return { ...(await load(row)), skipped }
        } catch (error) {
          if (!(error instanceof LabError && error.code === 'corrupt')) throw error
          skipped.push({ record: { ...toRecord(row), damaged: true }, error: toErrorValue(error) })
        }
      }
      if (skipped.length === 0) return null
      const steps = skipped.map(({ record }) => record.step).join(', ')
      throw new LabError(
        'corrupt',
        `Every checkpoint of run ${run} is damaged (steps ${steps}): ${skipped[0].error.message}`,
        'Put the files back from a backup, or begin again with a fork from another run or a new run of the same document.',
      )
    },
    /** @throws LabError `not-found` (naming the steps there are), `corrupt` */
    async at(run: string, step: number) {
      keyOf(run)
      const rows = ofRun.all(run)
      const row = rows.find((candidate) => candidate.step === step)
      if (row !== undefined) return load(row)
      const steps = rows.length === 0 ? 'It has none' : `It has those of the steps ${rows.map((candidate) => candidate.step).join(', ')}`
      throw new LabError('not-found', `Run ${run} has no checkpoint at step ${step}. ${steps}.`, 'Name one of these steps.')
    },
    /**
     * Keeps one from being pruned while something is made from it.
     * @param hash left out: all of the run, while one is chosen
     * @returns what lets go
     */
    hold: (run: string, hash?: string) => held.hold(run, hash),
    pin(run: string, step: number, pinned: boolean) {
      keyOf(run)
      const row = ofRun.all(run).find((candidate) => candidate.step === step)
      if (row === undefined)
        throw new LabError('not-found', `Run ${run} has no checkpoint at step ${step}.`, 'See which it has.', { action: 'show-run', run })
      setPinned.run(Number(pinned), row.key)
      return toRecord({ ...row, kept: Number(pinned) })
    },
  }
}
