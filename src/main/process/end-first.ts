/** Where memory runs out, Linux ends a process: rather one whose work can be done again than the lab that says what happened. */
import { readFileSync, writeFileSync } from 'node:fs'

const score = '/proc/self/oom_score_adj'
/** Of 1000; most processes have 0. */
const offered = 500

/** Offers this process to the system, should it run out of memory. On systems without such a score nothing happens. */
export function endFirst(): void {
  try {
    if (Number(readFileSync(score, 'utf8')) < offered) writeFileSync(score, String(offered))
  } catch {
    // It is no worse off than others.
  }
}
