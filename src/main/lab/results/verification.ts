/** The engine checked against golden numbers. */
import { goldenFile } from '../../../shared/given-json.ts'
import type { VerifyResult } from '../../../shared/results.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import { readGivenJson } from '../imports/given-file.ts'

export class VerificationService extends LabService<LabContext> {
  /** @throws LabError `not-found`, `bad-input` naming the file and the place */
  async verify(path: string): Promise<VerifyResult> {
    const golden = await readGivenJson(path, goldenFile)
    const { ok, worst, checks } = await this.context.jobs.submit<'verify'>({ kind: 'verify', golden }).result
    return { ok, worst, checks }
  }
}
