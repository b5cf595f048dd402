/** What is taken out of the lab as a file for other programs. */
import { z } from 'zod'
import { lastNetwork, maxNetworks } from './network-count.ts'
import { plural } from './wording.ts'

export const exportSubjectSchema = z.union([
  /** The newest student; what makes the networks. */
  z.enum(['student', 'hypernetwork']),
  /** A student, by the number of its result. */
  z.strictObject({ student: z.int() }),
  /** A sampled network, by its index. */
  z.strictObject({ network: z.int().min(0).max(lastNetwork) }),
  /** The first so many networks together. */
  z.strictObject({ ensemble: z.int().min(1).max(maxNetworks) }),
])
export type ExportSubject = z.infer<typeof exportSubjectSchema>

export const isEnsemble = (what: ExportSubject): what is { ensemble: number } => typeof what === 'object' && 'ensemble' in what

/** What its file is called, and how it is said. */
export function subjectInWords(what: ExportSubject): { stem: string; words: string } {
  if (what === 'hypernetwork') return { stem: what, words: 'the hypernetwork' }
  if (what === 'student' || 'student' in what) return { stem: 'student', words: 'a student' }
  if ('network' in what) return { stem: `network-${what.network}`, words: `network ${what.network}` }
  return { stem: `ensemble-of-${what.ensemble}`, words: `an ensemble of ${plural(what.ensemble, 'network')}` }
}
