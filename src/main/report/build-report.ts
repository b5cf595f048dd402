/** Reports of a run: one call a format, bytes out; writing them to disk is the caller's. */
import { clean } from './clean.ts'
import type { ReportDocument } from './content/document.ts'
import type { ReportFile, ReportFormat, ReportInput } from './input.ts'

/**
 * Makes one report. What draws and what sets type is loaded when it is first needed.
 * @returns for `html`, `pdf` and `figures` one file; for `md` the text, and each figure as SVG and its data as CSV
 */
export async function buildReport(input: ReportInput, format: ReportFormat): Promise<ReportFile[]> {
  const { compose } = await import('./content/compose.ts')
  const document = await compose(clean(input))
  const base = `report-${fileName(input.run.id)}`
  if (format === 'pdf') {
    const { renderPdf } = await import('./render/pdf.ts')
    return [{ name: `${base}.pdf`, bytes: renderPdf(document) }]
  }
  if (format === 'html') {
    const { renderHtml } = await import('./render/html.ts')
    return [textFile(`${base}.html`, renderHtml(document))]
  }
  if (format === 'figures') {
    const { figuresArchive } = await import('./render/archive.ts')
    return [{ name: `${base}-figures.zip`, bytes: figuresArchive(document, base) }]
  }
  const { renderMarkdown } = await import('./render/markdown.ts')
  const text = renderMarkdown(document, (id) => ({ svg: `${base}-${id}.svg`, csv: `${base}-${id}.csv` }))
  return [textFile(`${base}.md`, text), ...(await figureFiles(document, base))]
}

async function figureFiles(document: ReportDocument, base: string): Promise<ReportFile[]> {
  const { figuresOf } = await import('./content/document.ts')
  const { toCsv } = await import('./render/csv.ts')
  return figuresOf(document).flatMap(({ id, svg, data }) => [
    textFile(`${base}-${id}.svg`, svg),
    textFile(`${base}-${id}.csv`, toCsv(data)),
  ])
}

const textFile = (name: string, text: string): ReportFile => ({ name, bytes: new TextEncoder().encode(text) })

/** The id with nothing in it that a file system or an address could take for something else. */
const fileName = (id: string): string => id.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 48) || 'run'
