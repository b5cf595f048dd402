/** Which network each row of a table of values is. */
import type { Analysis, ResultRecord } from './analysis.ts'

/** @returns its index, behind its run where the result has networks of several; rows as many as there are networks */
export function networkRows({ runs }: Pick<Analysis, 'runs'>, record: ResultRecord): { names: string[]; rows: (string | number)[][] } {
  const parts = runs?.(record)
  if (parts === undefined) {
    return { names: ['index'], rows: Array.from({ length: record.count }, (_, i) => [record.networks?.[i] ?? i]) }
  }
  return { names: ['run', 'index'], rows: parts.flatMap(({ run, count }) => Array.from({ length: count }, (_, index) => [run, index])) }
}
