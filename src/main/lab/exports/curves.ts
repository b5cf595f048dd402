/** Curves of a run as files for people's own dashboards. */
import { join } from 'node:path'
import { csvText } from '../../../shared/csv.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Store } from '../../store/open-store.ts'
import { writeOutput } from '../../store/files/output.ts'
import { eventFile, type Scalar } from '../formats/tensorboard.ts'
import { makeOutputFolder, prepareOutput } from './output.ts'

export const curveFormats = ['csv', 'jsonl', 'tensorboard'] as const
export type CurveFormat = (typeof curveFormats)[number]

/**
 * Writes every point of every curve, or of those that are named.
 * @param path a file; of `tensorboard` the folder of logs, in which the run has its own
 * @throws LabError `not-found` where the run has no such curve, `disk`
 */
export async function writeCurves(
  store: Store,
  id: string,
  { path, format, names }: { path: string; format: CurveFormat; names?: readonly string[] | undefined },
): Promise<{ path: string; points: number; names: readonly string[] }> {
  const run = store.runs.get(id)
  const there = store.metrics.names(run.id)
  const unknown = names?.find((name) => !there.includes(name))
  if (there.length === 0 || unknown !== undefined)
    throw new LabError(
      'not-found',
      unknown === undefined ? `${run.id} has no curves yet.` : `${run.id} has no curve ${unknown}.`,
      unknown === undefined ? 'Train it a little first.' : `It has ${there.join(', ')}.`,
    )
  const wanted = names ?? there
  const points = wanted.flatMap((name) => store.metrics.read(run.id, name).map((point) => ({ name, ...point })))
  if (format === 'tensorboard') {
    const folder = join(path, run.id)
    makeOutputFolder(folder)
    const file = join(folder, `events.out.tfevents.${Math.floor(run.createdAt / 1000)}.weightscape`)
    await writeOutput(file, eventFile(points.map(scalarOf)), 'write the curves')
    return { path: file, points: points.length, names: wanted }
  }
  await prepareOutput(path)
  const time = (at: number): string => new Date(at).toISOString()
  const text =
    format === 'csv'
      ? csvText([['name', 'step', 'value', 'time'], ...points.map(({ name, step, value, at }) => [name, step, value, time(at)])])
      : points.map(({ at, ...point }) => `${JSON.stringify({ ...point, time: time(at) })}\n`).join('')
  await writeOutput(path, Buffer.from(text), 'write the curves')
  return { path, points: points.length, names: wanted }
}

/** TensorBoard groups curves by what stands before a slash. */
const scalarOf = ({ name, ...point }: { name: string; step: number; value: number; at: number }): Scalar => ({
  tag: name.replace('.', '/'),
  ...point,
})
