/** The engine checked against golden numbers. */
import { readFile } from 'node:fs/promises'
import { LabError } from '../../../shared/errors.ts'
import type { VerifyResult } from '../../../shared/results.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'

export class VerificationService extends LabService<LabContext> {
  /** @throws LabError `not-found`, `bad-input` naming the file and the place */
  async verify(path: string): Promise<VerifyResult> {
    const golden = await readJson(path)
    const { ok, worst, checks } = await this.context.jobs.submit<'verify'>({ kind: 'verify', golden }).result
    return { ok, worst, checks }
  }
}

async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new LabError(
      'not-found',
      `${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Give the path of a JSON file of golden numbers.',
      { cause },
    )
  }
  try {
    return JSON.parse(text) as unknown
  } catch (cause) {
    throw new LabError(
      'bad-input',
      `${path} is not JSON: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Give a JSON file of golden numbers.',
      { cause },
    )
  }
}
