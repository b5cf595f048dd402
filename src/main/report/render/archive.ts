/** Figures and tables as one archive. Same content, same bytes. */
import { zipSync } from 'fflate'
import type { ReportFile } from '../input.ts'

/** The earliest time that a ZIP archive can say. */
const time = new Date(1980, 0, 1)

export function figuresArchive(files: readonly ReportFile[]): Uint8Array {
  return zipSync(Object.fromEntries(files.map(({ name, bytes }) => [name, bytes])), { mtime: time })
}
