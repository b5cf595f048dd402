/** The last steps, in which the learning rate falls to zero, are no more than there are. */
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import type { Assignment } from './set-values.ts'
import { count, plural } from '../../../shared/wording.ts'

/**
 * A cool-down that was not asked for (a preset's, of a run that is made shorter) is as long as the run at most; whoever
 * changes neither goes on as before, bit for bit.
 * @throws LabError `invalid-argument` where it was asked for
 */
export function fitCooldown(document: Experiment, settings: readonly Assignment[], note: (message: string) => void): Experiment {
  const { steps, cooldown } = document.training
  const changed = (key: string) => settings.some((setting) => setting.key === key)
  if (cooldown <= steps) return document
  if (changed('training.cooldown')) {
    throw new LabError(
      'invalid-argument',
      `A cool-down of ${plural(cooldown, 'step')} is longer than the run, which has ${count(steps)}.`,
      `Let it be at most ${plural(steps, 'step')}, or train for longer.`,
      { settings: { 'training.cooldown': null } },
    )
  }
  if (!changed('training.steps')) return document
  note(`The cool-down is as long as the run, ${plural(steps, 'step')}: it was made for a longer one.`)
  return { ...document, training: { ...document.training, cooldown: steps } }
}
