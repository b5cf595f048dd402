/** What takes a processor long enough to be felt, and needs nothing of the lab: done in a thread of its own. */
import { buildReport } from '../../report/build-report.ts'
import type { ReportFile, ReportFormat, ReportInput } from '../../report/input.ts'
import { checkExport } from '../formats/check/check-export.ts'
import type { CheckRequest } from '../formats/check/check-export.ts'

export interface OfficeWork {
  report: { request: { input: ReportInput; format: ReportFormat }; result: ReportFile[] }
  check: { request: CheckRequest; result: string }
}

export type OfficeKind = keyof OfficeWork

const doers: { [K in OfficeKind]: (request: OfficeWork[K]['request']) => Promise<OfficeWork[K]['result']> } = {
  report: ({ input, format }) => buildReport(input, format),
  check: checkExport,
}

export function doWork<K extends OfficeKind>(kind: K, request: OfficeWork[K]['request']): Promise<OfficeWork[K]['result']> {
  return doers[kind](request)
}
