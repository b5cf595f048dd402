/** What came out of a study, to be taken away: its table as LaTeX or CSV, a picture of where methods stand as SVG. */
import { extname } from 'node:path'
import type { StudyDetails } from '../../../shared/contract/studies.ts'
import { LabError } from '../../../shared/errors.ts'
import { studyData, studyTables } from '../../report/content/study-table.ts'
import { drawingDocument } from '../../report/figures/draw.ts'
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
  const wanted = column ?? details.columns.find(({ overSeeds }) => overSeeds !== null)?.label
  const figure = wanted === undefined ? undefined : meanRanksFigure(details, wanted, drawingDocument)
  if (figure !== undefined) return figure
  throw new LabError(
    'conflict',
    `Methods of ${details.name} cannot be ranked${column === undefined ? '' : ` by "${column}"`}: not all have it for the same two seeds or more.`,
    'Go on with the study first.',
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
