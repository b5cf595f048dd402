/**
 * A table of results of runs. Its columns are named as the fields of the record: most hold the value itself,
 * sealed ones its JSON with a checksum, and those of files a path below the data folder.
 */
import { fromStored, runKeys, toStored } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { SqlValue } from '../database/database.ts'
import { toChecksummedJson, fromChecksummedJson } from '../files/checksummed-json.ts'

/** What every result has. */
interface Result {
  id: number
  run: string
  createdAt: number
}

type Field<R> = Exclude<keyof R & string, keyof Result>

export interface ResultShape<R> {
  table: string
  /** What one is called in errors. */
  name: string
  plain: readonly Field<R>[]
  sealed?: readonly Field<R>[]
  files?: readonly Field<R>[]
  /** Columns that order a list before the time of making. */
  order?: readonly Field<R>[]
}

export interface ResultTable<R> {
  /** @throws LabError `not-found` when there is no such run */
  readonly add: (result: Omit<R, 'id' | 'createdAt'>) => R
  /** Of a run, oldest first unless the shape says otherwise. @throws LabError `not-found` when there is no such run, `corrupt` */
  readonly list: (run: string) => R[]
  /** @throws LabError `corrupt` */
  readonly find: (id: number) => R | undefined
}

export function resultTable<R extends Result>(context: StoreContext, shape: ResultShape<R>): ResultTable<R> {
  const { table, name, plain, sealed = [], files = [], order = [] } = shape
  const { db, now } = context
  const keyOf = runKeys(context)
  const columns = [...plain, ...sealed, ...files]
  const insert = db.command(
    `keep one of ${table}`,
    `INSERT INTO ${table} (run, created_at, ${columns.join(', ')}) VALUES (?, ?${', ?'.repeat(columns.length)})`,
  )
  const select = `SELECT ${table}.key AS id, run.id AS run, ${table}.created_at AS createdAt, ${columns.map((column) => `${table}.${column}`).join(', ')}
    FROM ${table} JOIN run ON run.key = ${table}.run`
  const ofRun = db.query<Record<string, SqlValue>>(
    `list those of ${table}`,
    `${select} WHERE run.id = ? ORDER BY ${[...order, 'key'].map((column) => `${table}.${column}`).join(', ')}`,
  )
  const byKey = db.query<Record<string, SqlValue>>(`read one of ${table}`, `${select} WHERE ${table}.key = ?`)

  const toRecord = (row: Record<string, SqlValue>): R => {
    const record: Record<string, unknown> = { ...row }
    for (const column of sealed) {
      const text = row[column]
      if (typeof text === 'string')
        record[column] = fromChecksummedJson<unknown>(text, `${name} ${String(row['id'])} of run ${String(row['run'])}`)
    }
    for (const column of files) record[column] = fromStored(context, String(row[column]))
    return record as unknown as R // what the columns hold is what `add` put there
  }

  return {
    add(result) {
      const values = result as unknown as Record<string, SqlValue>
      const { key } = insert.run(
        keyOf(result.run),
        now(),
        ...plain.map((column) => values[column]),
        ...sealed.map((column) => (values[column] === null ? null : toChecksummedJson(values[column]))),
        ...files.map((column) => toStored(context, String(values[column]))),
      )
      return toRecord(byKey.get(key)!)
    },
    list(run) {
      keyOf(run)
      return ofRun.all(run).map(toRecord)
    },
    find(id) {
      const row = byKey.get(id)
      return row === undefined ? undefined : toRecord(row)
    },
  }
}
