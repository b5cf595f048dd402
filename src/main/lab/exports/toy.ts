/** The toy problem in a file: a figure, or its numbers. */
import { csvText } from '../../../shared/csv.ts'
import { LabError } from '../../../shared/errors.ts'
import { toyFigure, toyRows } from '../../../toy/figure.ts'
import type { ToyProblem } from '../../../toy/toy-problem.ts'
import { drawingDocument } from '../../report/figures/draw.ts'
import { writeOutput } from '../../store/files/output.ts'

/** @throws LabError `invalid-argument` when the file is neither .svg nor .csv */
export function checkToyFile(path: string): void {
  if (!/\.(svg|csv)$/i.test(path))
    throw new LabError('invalid-argument', `${path} is neither .svg nor .csv.`, 'Give the file one of these endings.', {
      settings: { out: null },
    })
}

/** @throws LabError `disk` */
export async function writeToy(problem: ToyProblem, path: string): Promise<void> {
  const curve = problem.curve()
  const text = /\.svg$/i.test(path) ? toyFigure(problem, curve, drawingDocument) : csvText(toyRows(curve))
  await writeOutput(path, Buffer.from(text), 'write the toy problem')
}
