/** The report as PDF, set by Typst in this process; figures stay vectors and their text stays text. */
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import type { NodeTypstDocument } from '@myriaddreamin/typst-ts-node-compiler'
import { LabError } from '../../../shared/errors.ts'
import type { ReportDocument } from '../content/document.ts'
import { moment } from '../format.ts'
import { template } from './typst-template.ts'

/**
 * Sets a document. All of it reaches Typst as one JSON string, never as source, so no text can be markup.
 * @throws LabError `internal` with Typst's own words when the document does not compile
 */
export function renderPdf(document: ReportDocument): Uint8Array {
  const compiler = NodeCompiler.create()
  const inputs = { report: JSON.stringify({ ...document, moment: moment(document.made), date: dateOf(document.made) }) }
  const compiled = compiler.compile({ mainFileContent: template, inputs })
  const { result } = compiled
  if (result === null) {
    const error = compiled.takeDiagnostics()
    const words =
      error === null
        ? 'no reason given'
        : compiler
            .fetchDiagnostics(error)
            .map((item) => (item as { message?: string }).message ?? '')
            .join('; ')
    throw new LabError(
      'internal',
      `The report could not be set as PDF: ${words}.`,
      'Write it as HTML instead, and report this as a defect.',
    )
  }
  const bytes = archival(compiler, result)
  // What Typst remembers is of no use to the next report, and lies in native memory.
  compiler.evictCache(0)
  return new Uint8Array(bytes)
}

/**
 * PDF/A-2a, which promises that it can be shown for ever with nothing but itself, and read aloud by its tags. It cannot be kept
 * when a name has a character that no font here has; then it is a plain PDF with a box in its place.
 */
function archival(compiler: NodeCompiler, result: NodeTypstDocument): Uint8Array {
  try {
    return compiler.pdf(result, { pdfStandard: 'a-2a' })
  } catch {
    return compiler.pdf(result)
  }
}

/** Year, month, day, hour, minute, second in UTC; null when the moment is no moment. */
function dateOf(made: number): number[] | null {
  const date = new Date(made)
  if (Number.isNaN(date.getTime())) return null
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
}
