/** What analyses found of runs, whatever their kind: a row each, and a file for what is stored in bulk beside it. */
import type { NamedArrays } from '../../../analyses/analysis.ts'
import type { Data } from '../../../shared/experiment.ts'
import { LabError } from '../../../shared/errors.ts'
import { assertWritable, fromStored, runKeys, toStored } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { SqlValue } from '../database/database.ts'
import { canonicalJson, toChecksummedJson, fromChecksummedJson } from '../files/checksummed-json.ts'
import { readResultFile, writeResultFile } from '../files/result-files.ts'
import type { StoredResult } from '../types.ts'

interface Row extends Omit<StoredResult, 'networks' | 'options' | 'result' | 'file' | 'dealt'> {
  runCreatedAt: number
  networks: string | null
  options: string
  result: string
  hash: string | null
  path: string | null
}

const plain = ['kind', 'step', 'checkpoint', 'seed', 'count', 'dataset', 'split', 'images'] as const

export function resultStore(context: StoreContext) {
  const { db, now } = context
  const keyOf = runKeys(context)
  const columns = [...plain, 'networks', 'options', 'result', 'hash', 'path', 'bytes']
  const insert = db.command(
    'keep a result',
    `INSERT INTO result (run, created_at, ${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(columns.length)})`,
  )
  const select = `SELECT r.key AS id, run.id AS run, run.created_at AS runCreatedAt, r.created_at AS createdAt,
    ${[...plain, 'networks', 'options', 'result', 'hash', 'path'].map((column) => `r.${column}`).join(', ')}
    FROM result r JOIN run ON run.key = r.run`
  const dataOf = db.query<{ data: string | null }>(
    'read how the images of a run are dealt',
    `SELECT CASE WHEN json_valid(substr(document, 18)) THEN substr(document, 18) ->> '$.data' END AS data FROM run WHERE id = ?`,
  )
  const ofRun = db.query<Row>(
    'list results',
    `${select} WHERE run.id = ? AND (? IS NULL OR r.kind = ?) AND (? IS NULL OR (r.checkpoint IS NULL) = ?) ORDER BY r.step, r.key`,
  )
  const ofCheckpoints = db.query<Row>(
    'list results of several runs',
    `${select} WHERE run.id IN (SELECT value FROM json_each(?)) AND r.checkpoint IS NOT NULL ORDER BY r.step, r.key`,
  )
  const newestOf = db.query<{ run: string; n: number; newest: number; key: number }>(
    'see which results runs have',
    `SELECT run.id AS run, count(*) AS n, max(r.created_at) AS newest, max(r.key) AS key FROM run JOIN result r ON r.run = run.key
     WHERE run.id IN (SELECT value FROM json_each(?)) AND r.checkpoint IS NOT NULL GROUP BY run.key`,
  )
  const byKey = db.query<Row>('read a result', `${select} WHERE r.key = ?`)
  const replaced = db.command(
    'replace a result found while training',
    'DELETE FROM result WHERE run = ? AND kind = ? AND step = ? AND split IS ? AND checkpoint IS NULL',
  )
  const forget = db.command('forget results found while training', 'DELETE FROM result WHERE run = ? AND step > ? AND checkpoint IS NULL')

  /** Read once of each run: its document stays as it is. Another that comes later by the same id is as old as it is. */
  const dealt = new Map<string, Pick<StoredResult, 'dealt'>>()
  function dealtOf({ run, runCreatedAt }: Row): Pick<StoredResult, 'dealt'> {
    const key = `${run} ${runCreatedAt}`
    const known = dealt.get(key)
    if (known !== undefined) return known
    const { split, deal } = JSON.parse(dataOf.get(run)?.data ?? '{}') as Partial<Data>
    const found = split === undefined || deal === undefined ? {} : { dealt: { split, deal } }
    dealt.set(key, found)
    return found
  }

  const toResult = (whole: Row): StoredResult => {
    const { networks, options, result, hash, path, runCreatedAt: _, ...row } = whole
    const what = `Result ${row.id} (${row.kind}) of run ${row.run}`
    return {
      ...row,
      ...dealtOf(whole),
      networks: networks === null ? null : fromChecksummedJson(networks, what),
      options: fromChecksummedJson(options, what),
      result: fromChecksummedJson(result, what),
      file: path === null || hash === null ? null : { path: fromStored(context, path), hash },
    }
  }

  return {
    /**
     * One found while training takes the place of an earlier one of that kind, step and split: a resumed run repeats steps.
     * @param file as `write` gave it
     */
    add(
      result: Omit<StoredResult, 'id' | 'createdAt' | 'file' | 'dealt'>,
      file: Awaited<ReturnType<typeof writeResultFile>> | null = null,
    ) {
      const { run, kind, step, split, checkpoint, networks } = result
      return db.transaction('keep a result', () => {
        const owner = keyOf(run)
        if (checkpoint === null) replaced.run(owner, kind, step, split)
        const { key } = insert.run(
          owner,
          now(),
          ...plain.map((column): SqlValue => result[column]),
          networks === null ? null : toChecksummedJson(networks),
          toChecksummedJson(result.options),
          toChecksummedJson(result.result),
          file?.hash ?? null,
          file === null ? null : toStored(context, file.path),
          file?.bytes ?? 0,
        )
        return toResult(byKey.get(key)!)
      })
    },
    /** Writes arrays that are to stand beside a result; its row is to follow. */
    async write(
      { run, kind, checkpoint, seed, count, options }: Omit<StoredResult, 'id' | 'createdAt' | 'file' | 'result'>,
      arrays: NamedArrays,
    ) {
      assertWritable(context)
      return writeResultFile(context, run, arrays, {
        format: 'weightscape-result-1',
        kind,
        checkpoint: String(checkpoint),
        seed: String(seed),
        count: String(count),
        options: canonicalJson(options),
      })
    },
    /** In order of step, then time. `during`: only those (true) or none of those (false) found while training. */
    list(run: string, { kind = null, during = null }: { kind?: string | null; during?: boolean | null } = {}) {
      keyOf(run)
      return ofRun.all(run, kind, kind, during === null ? null : 1, during === true ? 1 : 0).map(toResult)
    },
    /** None found while training: of each run in order of step, then time; runs that have none are not there. */
    ofRuns: (runs: readonly string[]): Map<string, StoredResult[]> =>
      Map.groupBy(ofCheckpoints.all(JSON.stringify(runs)).map(toResult), ({ run }) => run),
    /** Of each run that has any, a text that changes whenever {@link ofRuns} would give others. */
    marks: (runs: readonly string[]): Map<string, string> =>
      new Map(newestOf.all(JSON.stringify(runs)).map(({ run, n, newest, key }) => [run, `${n} ${newest} ${key}`])),
    /** @throws LabError `not-found` where the run has no such result */
    get(run: string, id: number) {
      const row = byKey.get(id)
      if (row?.run !== run) throw new LabError('not-found', `${run} has no result ${id}.`, 'Look at its results for the right number.')
      return toResult(row)
    },
    /** None where there is no file. @throws LabError `corrupt` */
    async arrays({ id, kind, run, file }: StoredResult): Promise<NamedArrays> {
      if (file === null) return {}
      return (await readResultFile(file.path, file.hash, `Result ${id} (${kind}) of run ${run}`)).arrays
    },
    /** Forgets those found while training after a step (before a run goes on from an earlier checkpoint). */
    truncate(run: string, afterStep: number) {
      forget.run(keyOf(run), afterStep)
    },
  }
}
