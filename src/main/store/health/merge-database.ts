/** Brings runs and data sets of one database into another, run by run, so that what cannot be read costs no more than itself. */
import type Sqlite from 'better-sqlite3'

/** Tables whose rows belong to a run and have a key of their own that nothing refers to. */
const ofRun = ['checkpoint', 'result', 'probabilities', 'network', 'report', 'artefact', 'event'] as const
/** Those of them that name files, each below the folder of its run; reports lie where the person wanted them. */
const withFiles = ['checkpoint', 'result', 'probabilities', 'artefact'] as const
/** Tables whose rows belong to a series. */
const ofSeries = ['metric', 'metric_extremes'] as const

export interface MergeOptions {
  /** Whether the folder of a run or data set is there: what a person erased is not brought back. */
  isThere: (kind: string, id: string) => boolean
  /** Take what can be read of a run of which a part cannot; otherwise such runs are left out. */
  partly: boolean
  /** What was preferred in the window comes, too: it is of the same lab. */
  preferences: boolean
}

export interface Merged {
  runs: string[]
  datasets: string[]
  /** What could not be read, in sentences. */
  lost: string[]
}

/**
 * @param target of the same version
 * @param path of the database to read, of the same version
 */
export function mergeDatabase(target: Sqlite.Database, path: string, { isThere, partly, preferences }: MergeOptions): Merged {
  const merged: Merged = { runs: [], datasets: [], lost: [] }
  const columns = (table: string): string =>
    target
      .prepare<[string], string>(`SELECT name FROM pragma_table_info(?) WHERE name NOT IN ('key', 'run', 'series')`)
      .pluck()
      .all(table)
      .join(', ')
  const tryTo = (what: string, work: () => void): boolean => {
    try {
      target.transaction(work)()
      return true
    } catch (error) {
      merged.lost.push(`${what} could not be read: ${error instanceof Error ? error.message : String(error)}`)
      return false
    }
  }
  /** Ids that are in the source alone. */
  const missing = (table: string, id: string): string[] => {
    const ids: string[] = []
    tryTo(`The list of ${table}s`, () => {
      for (const each of target.prepare<[], string>(`SELECT ${id} FROM source.${table}`).pluck().iterate()) ids.push(each)
    })
    const has = target.prepare(`SELECT 1 FROM main.${table} WHERE ${id} = ?`)
    return ids.filter((each) => has.get(each) === undefined)
  }
  const copyRows = (table: string, from: number | bigint, to: number | bigint, owner = 'run'): void => {
    const names = columns(table)
    target
      .prepare(
        `INSERT OR IGNORE INTO main.${table} (${owner}, ${names}) SELECT ?, ${names} FROM source.${table} WHERE ${owner} = ? ${owner === 'run' ? 'ORDER BY key' : ''}`,
      )
      .run(to, from)
  }
  const copySeries = (from: number | bigint, to: number | bigint): void => {
    const insert = target.prepare('INSERT INTO main.series (run, name) VALUES (?, ?)')
    for (const { key, name } of target
      .prepare<[unknown], { key: number; name: string }>('SELECT key, name FROM source.series WHERE run = ?')
      .all(from)) {
      const { lastInsertRowid } = insert.run(to, name)
      for (const table of ofSeries) copyRows(table, key, lastInsertRowid, 'series')
    }
  }
  /** What a stranger's rows call files of a run could be read, and removed with it. */
  const assertOwnFiles = (id: string, key: number): void => {
    const below = `runs/${id}/`
    for (const table of withFiles) {
      const foreign = target
        .prepare<unknown[], string>(`SELECT path FROM source.${table} WHERE run = ? AND path IS NOT NULL AND substr(path, 1, ?) <> ?`)
        .pluck()
        .get(key, below.length, below)
      if (foreign !== undefined) throw new Error(`it names ${foreign}, which is no file of its own`)
    }
  }
  const hasDataset = target.prepare('SELECT 1 FROM main.dataset WHERE hash = ?')
  const copyRun = (id: string): void => {
    const names = columns('run')
    const { key: from, dataset } = target
      .prepare<[string], { key: number; dataset: string }>('SELECT key, dataset FROM source.run WHERE id = ?')
      .get(id)!
    if (hasDataset.get(dataset) === undefined) throw new Error(`its data set ${dataset.slice(0, 12)} is not there`)
    if (!partly) assertOwnFiles(id, from)
    const { lastInsertRowid: to } = target
      .prepare(`INSERT INTO main.run (${names}) SELECT ${names} FROM source.run WHERE key = ?`)
      .run(from)
    const parts: [string, () => void][] = [
      ...ofRun.map((table): [string, () => void] => [`${table}s`, () => copyRows(table, from, to)]),
      ['curves', () => copySeries(from, to)],
    ]
    for (const [what, copy] of parts) {
      if (partly) tryTo(`The ${what} of run ${id}`, copy)
      else copy()
    }
  }

  target.prepare('ATTACH ? AS source').run(path)
  try {
    for (const hash of missing('dataset', 'hash')) {
      if (!isThere('datasets', hash)) continue
      const names = columns('dataset')
      const copy = (): void =>
        void target.prepare(`INSERT INTO main.dataset (${names}) SELECT ${names} FROM source.dataset WHERE hash = ?`).run(hash)
      if (tryTo(`Data set ${hash.slice(0, 12)}`, copy)) merged.datasets.push(hash)
    }
    for (const id of missing('run', 'id')) {
      if (isThere('runs', id) && tryTo(`Run ${id}`, () => copyRun(id))) merged.runs.push(id)
    }
    if (preferences)
      tryTo('What was preferred in the window', () => target.exec('INSERT OR IGNORE INTO main.preference SELECT * FROM source.preference'))
  } finally {
    target.exec('DETACH source')
  }
  return merged
}
