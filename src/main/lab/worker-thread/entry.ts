/** The lab's thread: does what it is asked, one after the other. */
import { serve } from '../../process/serve.ts'
import { buildReport } from '../../report/build-report.ts'
import { checkExport } from '../formats/check/check-export.ts'
import { checkGenerator } from '../formats/check/check-generator.ts'
import { readNetworkFiles } from '../formats/networks/read-networks.ts'
import type { ThreadCalls } from './calls.ts'
import { predict } from './predict.ts'

serve<ThreadCalls>({
  report: ({ input, format }) => buildReport(input, format),
  check: checkExport,
  checkGenerator,
  networks: readNetworkFiles,
  predict: (request) => Promise.resolve(predict(request)),
})
