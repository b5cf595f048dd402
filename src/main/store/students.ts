/** Students: small networks distilled from ensembles, with their weights. */
import { LabError } from '../../shared/errors.ts'
import type { Target } from '../../shared/experiment.ts'
import type { DistilResult } from '../../shared/results.ts'
import { assertWritable, fromStored, runKeys, toStored } from './context.ts'
import type { StoreContext } from './context.ts'
import { readResultFile, writeResultFile } from './result-files.ts'
import { canonicalJson, seal, unseal } from './seal.ts'
import type { StudentRecord, StudentStore } from './types.ts'

interface Row {
  key: number
  run: string
  checkpoint: string
  seed: number
  count: number
  dataset: string
  target: string
  networks: string | null
  result: string
  hash: string
  path: string
  created_at: number
}

export function studentStore(context: StoreContext): StudentStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const insert = db.command(
    'keep a student',
    'INSERT INTO student (run, checkpoint, seed, count, dataset, target, networks, result, hash, path, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
  )
  const select = `SELECT student.key, run.id AS run, checkpoint, seed, count, student.dataset, target, networks, result, hash, path, student.created_at
    FROM student JOIN run ON run.key = student.run`
  const ofRun = db.query<Row>('list students', `${select} WHERE run.id = ? ORDER BY student.key`)
  const byKey = db.query<Row>('read a student', `${select} WHERE student.key = ?`)

  function toRecord({ key, target, networks, result, path, created_at: createdAt, ...rest }: Row): StudentRecord {
    const what = `Student ${key} of run ${rest.run}`
    return {
      ...rest,
      id: key,
      target: unseal<Target>(target, what),
      networks: networks === null ? null : unseal<number[]>(networks, what),
      result: unseal<DistilResult>(result, what),
      path: fromStored(context, path),
      createdAt,
    }
  }

  function get(id: number): StudentRecord {
    const row = byKey.get(id)
    if (row === undefined)
      throw new LabError('not-found', `There is no student ${id}.`, 'See a run and its students with: weightscape show RUN')
    return toRecord(row)
  }

  return {
    async add({ run, checkpoint, seed, count, dataset, target, networks, result }, weights) {
      assertWritable(context)
      const runKey = keyOf(run)
      const metadata = {
        format: 'weightscape-student-1',
        target: canonicalJson(target),
        checkpoint,
        seed: String(seed),
        count: String(count),
      }
      const { path, hash } = await writeResultFile(
        context,
        run,
        'students',
        { weights: { shape: [weights.length], data: weights } },
        metadata,
      )
      const chosen = networks === null ? null : seal(networks)
      const stored = toStored(context, path)
      const { key } = insert.run(runKey, checkpoint, seed, count, dataset, seal(target), chosen, seal(result), hash, stored, now())
      return get(key)
    },
    list(run) {
      keyOf(run)
      return ofRun.all(run).map(toRecord)
    },
    get,
    async weights(student) {
      const { arrays } = await readResultFile(student.path, student.hash, `Student ${student.id} of run ${student.run}`)
      return arrays['weights'].data
    },
  }
}
