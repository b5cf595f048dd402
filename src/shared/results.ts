/** What jobs give back that is no finding of an analysis. */

/** How far the engine's numbers are from golden ones; a check's error is relative to its tensor's largest entry. */
export interface VerifyResult {
  /** Every error within the tolerance. */
  ok: boolean
  worst: { name: string; relativeError: number }
  checks: { name: string; relativeError: number }[]
}
