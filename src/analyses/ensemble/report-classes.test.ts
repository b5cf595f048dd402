import { expect, test } from 'vitest'
import type { Block } from '../../main/report/content/document.ts'
import type { EnsembleResult } from './definition.ts'
import { classTables } from './report-classes.ts'

const result = (confusion?: number[]): EnsembleResult => ({
  ...{ n: 3, images: 20, split: 'validation', sizes: [], disagreement: 0, calibration: [], calibrationError: 0 },
  ...(confusion === undefined ? {} : { confusion }),
})
const tables = (blocks: Block[]) => blocks.flatMap((block) => (block.kind === 'table' ? [block.table] : []))

test('each class says how many images it has, how many are right, and what the others are taken for', () => {
  const made = tables(classTables(result([9, 0, 1, 3, 2, 5, 0, 0, 0]), '3 networks', ['cat', 'dog', 'eel']))
  expect(made.map(({ title }) => title)).toEqual(['Accuracy by class', 'Confusion matrix'])
  // Wilson: 9 of 10 is 0.596 to 0.982, 2 of 10 is 0.057 to 0.510 (statsmodels, proportion_confint).
  expect(made[0].rows.map((row) => row.flat())).toEqual([
    ['cat', '10', '0.900 [0.596,\u00a00.982]', 'eel (1)'],
    ['dog', '10', '0.200 [0.057,\u00a00.510]', 'eel (5)'],
    ['eel', '0', 'no image', ''],
  ])
  expect(made[1].rows.map((row) => row.flat())).toEqual([
    ['cat', '9', '', '1'],
    ['dog', '3', '2', '5'],
    ['eel', '', '', ''],
  ])
  expect(made[0].caption).toEqual([expect.stringContaining('3 networks on 20 validation images')])
})

test('many classes are the worst thirty, without a matrix; an older result has none', () => {
  const names = Array.from({ length: 40 }, (_, i) => `class ${i}`)
  const confusion = names.flatMap((_, truth) => names.map((_, predicted) => (predicted === truth ? truth + 1 : predicted === 39 ? 40 : 0)))
  const made = tables(classTables(result(confusion), '3 networks', names))
  expect(made.length).toBe(1)
  expect(made[0].rows.length).toBe(30)
  expect(made[0].rows[0][0]).toEqual(['class 0'])
  expect(made[0].rows[29][0]).toEqual(['class 29'])
  expect(classTables(result(), '3 networks', names)).toEqual([])
})
