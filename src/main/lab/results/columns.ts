/** A result with a value a network, written as a table that other programs read. */
import { join } from 'node:path'
import { networkRows } from '../../../analyses/network-rows.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { writeOutput } from '../../store/files/output.ts'
import type { Store } from '../../store/open-store.ts'
import type { StoredResult } from '../../store/types.ts'

/** Values by name, [count] each. @throws LabError `invalid-argument` where the kind has none, `corrupt` */
export async function columnsOf(store: Store, result: StoredResult): Promise<Record<string, ArrayLike<number>>> {
  const columns = findAnalysis(result.kind)?.columns?.(await store.results.arrays(result))
  if (columns === undefined) throw new LabError('invalid-argument', `A result of kind "${result.kind}" is no table.`, 'Choose another one.')
  return columns
}

/**
 * Writes CSV (a row a network: its run where there are several, index, then the values) or JSON (the same, with what the result was found from).
 * @param path default: in the run's folder
 * @returns where it is
 * @throws LabError `disk`
 */
export async function writeColumns(store: Store, result: StoredResult, format: 'csv' | 'json', path?: string): Promise<string> {
  const { run, id, kind, count } = result
  const columns = Object.entries(await columnsOf(store, result))
  const place = path ?? join(store.runs.folder(run), `${kind}-${id}-${count}.${format}`)
  const which = networkRows(findAnalysis(kind) ?? {}, result)
  const rows = which.rows.map((network, i) => [...network, ...columns.map(([, values]) => values[i])])
  const names = [...which.names, ...columns.map(([name]) => name)]
  const text = format === 'csv' ? `${[names, ...rows].map((row) => row.join(',')).join('\n')}\n` : asJson(result, names, rows)
  await writeOutput(place, Buffer.from(text), `write the ${kind}`)
  return place
}

function asJson(result: StoredResult, names: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const { run, checkpoint, seed, options, result: found } = result
  const points = rows.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i]])))
  return `${JSON.stringify({ run, checkpoint, seed, options, ...found, points }, null, 1)}\n`
}
