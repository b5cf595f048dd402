/** The toy problem in a file: a figure, or its numbers. */
import { csvText } from '../../../shared/csv.ts'
import type { ToyProblem } from '../../../toy/toy-problem.ts'
import { writeText } from './output.ts'
import { formatByEnding } from '../formats/ending.ts'

/** @throws LabError `invalid-argument` when the file is neither .svg nor .csv */
export const toyFormat = (path: string): 'svg' | 'csv' => formatByEnding(path, ['svg', 'csv'])

/** @throws LabError `disk` */
export async function writeToy(problem: ToyProblem, path: string): Promise<void> {
  // What draws is loaded when a file is asked for.
  const [{ toyFigure, toyRows }, { drawingDocument }] = await Promise.all([
    import('../../../toy/figure.ts'),
    import('../../report/figures/draw.ts'),
  ])
  const curve = problem.curve()
  const text = toyFormat(path) === 'svg' ? toyFigure(problem, curve, drawingDocument) : csvText(toyRows(curve))
  await writeText(path, text, 'write the toy problem')
}
