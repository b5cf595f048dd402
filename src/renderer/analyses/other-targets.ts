/** Target networks that a student may have: the run's own, those to start from that fit its images, and those of other runs. */
import { knownTarget, ownTarget, targetFault } from '../../analyses/other-target.ts'
import type { RunSummary } from '../../shared/contract/runs.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { startingTargets } from '../../shared/starting-targets.ts'
import { layOut } from '../../shared/target-layout.ts'
import { plural } from '../../shared/wording.ts'

/** Of the newest runs on the same data, so many are offered. */
const offered = 6

/** @param own the run that is asked @param all of the lab, the newest first */
export function otherTargets(
  own: { id: string; document: Experiment; dataset: string },
  all: readonly Pick<RunSummary, 'id' | 'name' | 'dataset'>[],
): { value: string; label: string; note: string }[] {
  const { target } = own.document
  const starting = [{ key: ownTarget, title: 'The run’s own' }, ...startingTargets].flatMap(({ key, title }) => {
    const known = knownTarget(target, key)!
    return targetFault(target, known, key, '') === null
      ? [{ value: key, label: title, note: plural(layOut(known).weightCount, 'weight') }]
      : []
  })
  const runs = all.filter(({ id, dataset }) => id !== own.id && dataset === own.dataset).slice(0, offered)
  return [...starting, ...runs.map(({ id, name }) => ({ value: id, label: `That of ${name}`, note: 'of another run' }))]
}
