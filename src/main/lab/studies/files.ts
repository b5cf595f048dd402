/** What came out of a study, to be taken away: its table as LaTeX or CSV, a picture of where methods stand, or of a sweep's frontier, as SVG. */
import { extname } from 'node:path'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { LabError } from '../../../shared/errors.ts'
import { studyData, studyTables } from '../../report/content/study-table.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { quoted } from '../../../shared/names.ts'
import { isSweep } from '../../../shared/sweep.ts'
import { draw, drawingDocument } from '../../report/figures/draw.ts'
import { frontierAxes, frontierChart } from '../../report/figures/frontier.ts'
import { shownChartFigure } from '../../report/figures/shown-chart.ts'
import { meanRanksFigure } from '../../report/figures/mean-ranks.ts'
import { toCsv } from '../../report/render/csv.ts'
import { texTable } from '../../report/render/tex-table.ts'
import { writeText } from '../exports/output.ts'

const studyFormats = ['tex', 'csv', 'svg'] as const
type StudyFormat = (typeof studyFormats)[number]

/**
 * @param column the number that the picture is of; left out: the first that every method has for the same seeds
 * @throws LabError `conflict` where there is none
 */
export function studyFile(details: StudyDetails, format: StudyFormat, column?: string): string {
  if (format === 'tex') return studyTables(details).map(texTable).join('\n')
  if (format === 'csv') return toCsv(studyData(details))
  if (isSweep(details.study)) return frontierFile(details, column)
  const wanted = column ?? details.columns.find(({ overSeeds }) => overSeeds !== null)?.label
  const figure = wanted === undefined ? undefined : meanRanksFigure(details, wanted, drawingDocument)
  if (figure !== undefined) return figure
  throw new LabError(
    'conflict',
    `Methods of ${details.name} cannot be ranked${column === undefined ? '' : ` by "${column}"`}: not all have it for the same two seeds or more.`,
    'Go on with the study first.',
  )
}

/** @param y the number along its height */
function frontierFile(details: StudyDetails, y?: string): string {
  const axes = frontierAxes(details)
  const isKnown = y === undefined || details.columns.some(({ label }) => label === y)
  const chart = axes === null || !isKnown ? null : frontierChart(details, { ...axes, ...omitUndefined({ y }) })
  const figure = chart === null ? null : shownChartFigure('sweep', chart, { draw, titled: true, height: 330 })
  if (figure !== null) return figure.svg
  const found = details.columns.map(({ label }) => label).join(', ')
  throw new LabError(
    'conflict',
    isKnown ? `Of ${details.name} no accuracy and no diversity are known yet.` : `Of ${details.name} there is no number ${quoted(y)}.`,
    found === '' ? 'Go on with it first.' : `There are: ${found}.`,
  )
}

/** @throws LabError `invalid-argument` for another ending */
export function studyFormatOf(path: string): StudyFormat {
  const format = studyFormats.find((one) => `.${one}` === extname(path).toLowerCase())
  if (format !== undefined) return format
  throw new LabError(
    'invalid-argument',
    `${path} ends with none of ${studyFormats.map((one) => `.${one}`).join(', ')}.`,
    'Give the file one of these endings.',
    {
      settings: { out: null },
    },
  )
}

/** @throws LabError as {@link studyFile}, `disk` */
export const writeStudy = (details: StudyDetails, path: string, format: StudyFormat, column?: string): Promise<void> =>
  writeText(path, studyFile(details, format, column), 'write the study')
