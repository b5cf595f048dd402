/** How many networks a document's method gives. */
import { methodOf } from '../methods/registry.ts'
import type { EngineJob } from './engine-protocol.ts'
import { LabError } from './errors.ts'
import type { Experiment } from './experiment.ts'

/** Networks at a time: what is measured of each stays in memory. */
export const maxNetworks = 100_000
/** The last one that a seed gives. */
export const lastNetwork = 0xffffffff

/** As many of the wanted ones as there are. */
export function availableNetworks({ method }: Pick<Experiment, 'method'>, wanted: number): number {
  const there = methodOf(method).networks(method)
  return there === 'any' ? wanted : Math.min(wanted, there)
}

/**
 * Whether there are the networks that a job is about.
 * @throws LabError `invalid-argument` naming those there are
 */
export function requireNetworks(job: EngineJob): void {
  if (!('document' in job) || !('count' in job)) return
  const members = 'members' in job ? job.members : undefined
  const wanted = members === undefined ? ('first' in job ? job.first : 0) + job.count : members.reduce((a, b) => Math.max(a, b), -1) + 1
  if (wanted > lastNetwork + 1)
    throw new LabError(
      'invalid-argument',
      `A seed gives networks 0 to ${lastNetwork}, and ${wanted - 1} is asked for.`,
      'Take another seed.',
      {
        settings: { seed: null },
      },
    )
  const there = availableNetworks(job.document, wanted)
  if (there === wanted) return
  throw new LabError(
    'invalid-argument',
    `The run has ${there} networks, numbered 0 to ${there - 1}, and ${wanted} are asked for.`,
    `Ask for at most ${there}; a run whose method makes networks at will has more.`,
  )
}
