/**
 * What analyses found, whatever their kind, in one table: until here each kind had its own. Rows keep their order of
 * making; files stay where they are. What does not match its checksum is moved as it is, and found damaged when read.
 */
import { statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { upgradeLayers } from '../../../../layers/upgrade-layers.ts'
import { toChecksummedJson, fromChecksummedJson } from '../../files/checksummed-json.ts'

type Row = Record<string, string | number | null>

const table = `
CREATE TABLE result (
  key INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (key) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  step INTEGER NOT NULL,
  checkpoint TEXT, -- NULL: found while the run trained
  seed INTEGER,
  count INTEGER NOT NULL,
  networks TEXT, -- indices, sealed JSON; NULL: the first ones
  dataset TEXT,
  split TEXT,
  images INTEGER,
  options TEXT NOT NULL, -- sealed JSON
  result TEXT NOT NULL, -- sealed JSON
  hash TEXT,
  path TEXT UNIQUE, -- of the arrays beside it
  bytes INTEGER NOT NULL,
  created_at REAL NOT NULL
) STRICT;
CREATE INDEX result_run ON result (run, kind, step);
CREATE INDEX result_checkpoint ON result (checkpoint);
`

export function oneTableOfResults(raw: Sqlite.Database): void {
  raw.exec(table)
  const rows = ['evaluation', 'ensemble', 'student', 'map']
    .flatMap((old) => {
      const step =
        old === 'evaluation' ? '' : ', (SELECT c.step FROM checkpoint c WHERE c.hash = t.checkpoint ORDER BY c.run = t.run DESC) AS step'
      return raw
        .prepare<[], Row>(`SELECT t.*${step} FROM ${old} t ORDER BY t.key`)
        .all()
        .map((row) => moved[old](row))
    })
    .sort((a, b) => Number(a.created_at) - Number(b.created_at))
  const insert =
    raw.prepare(`INSERT INTO result (run, kind, step, checkpoint, seed, count, networks, dataset, split, images, options, result, hash, path, bytes, created_at)
    VALUES (@run, @kind, @step, @checkpoint, @seed, @count, @networks, @dataset, @split, @images, @options, @result, @hash, @path, @bytes, @created_at)`)
  for (const row of rows) {
    const path = row.path === null ? undefined : join(dirname(raw.name), String(row.path))
    insert.run({ ...row, step: row.step ?? 0, bytes: path === undefined ? 0 : (statSync(path, { throwIfNoEntry: false })?.size ?? 0) })
  }
  raw.exec('DROP TABLE evaluation; DROP TABLE ensemble; DROP TABLE student; DROP TABLE map;')
}

/** As rows of the one table. */
const moved: Record<string, (row: Row) => Row> = {
  evaluation: (row) => {
    const { n = 0, images = 0 } = opened<{ n: number; images: number }>(row.result) ?? {}
    return { ...common(row, 'evaluation'), count: n, images, options: toChecksummedJson({}) }
  },
  ensemble: (row) => ({ ...common(row, 'ensemble'), options: toChecksummedJson({ sizes: opened(row.sizes) ?? [] }) }),
  student: (row) => {
    const result = opened<{ images: number; split: string; steps: number; options?: object }>(row.result)
    const target = opened<{ layers: unknown }>(row.target)
    const { options, ...found } = result ?? {}
    return {
      ...common(row, 'distillation'),
      split: result?.split ?? null,
      images: result?.images ?? null,
      options: toChecksummedJson(options ?? (result === undefined ? {} : { steps: result.steps })),
      result:
        result === undefined || target === undefined
          ? row.result
          : toChecksummedJson({ ...found, target: { ...target, layers: upgradeLayers(target.layers) } }),
    }
  },
  map: (row) => {
    const method = opened<{ method: string }>(row.result)?.method
    const { colourSplit, colourImages, ...options } = opened<{ colourSplit?: string; colourImages?: number }>(row.options) ?? {}
    return {
      ...common(row, 'map'),
      split: colourSplit ?? null,
      images: colourImages ?? null,
      options: toChecksummedJson({ ...options, ...(method === undefined ? {} : { method }) }),
    }
  },
}

function common(row: Row, kind: string): Row {
  const { run, step, checkpoint, seed, result, created_at, networks = null, dataset = null, split = null, images = null, hash = null } = row
  const chosen = opened<number[]>(networks)
  const count = chosen?.length ?? row.count ?? 0
  return { run, kind, step, checkpoint, seed, count, networks, dataset, split, images, result, hash, path: row.path ?? null, created_at }
}

/** The value of a sealed text; undefined: it is damaged, or there is none. */
function opened<T>(text: string | number | null | undefined): T | undefined {
  if (typeof text !== 'string') return undefined
  try {
    return fromChecksummedJson<T>(text, 'a row')
  } catch {
    return undefined
  }
}
