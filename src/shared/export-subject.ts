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

/** What its file is called, how it is said, and what it is on the command line. */
export function subjectInWords(what: ExportSubject): { stem: string; words: string; options: readonly string[] } {
  if (what === 'hypernetwork') return { stem: what, words: 'the hypernetwork', options: ['--hypernetwork'] }
  if (what === 'student' || 'student' in what) return { stem: 'student', words: 'a student', options: ['--student'] }
  if ('network' in what)
    return { stem: `network-${what.network}`, words: `network ${what.network}`, options: ['--network', String(what.network)] }
  const { ensemble } = what
  return {
    stem: `ensemble-of-${ensemble}`,
    words: `an ensemble of ${plural(ensemble, 'network')}`,
    options: ['--ensemble', String(ensemble)],
  }
}
