import { methodOf } from '../../methods/registry.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { learningRateAt } from '../../shared/learning-rate.ts'

/** Learning rate of a step, by the schedule of the method where it has its own. @param step from 0 */
export function rateOf({ method, training }: Pick<Experiment, 'training'> & { method: { kind: string } }, step: number): number {
  return methodOf(method).rate?.at(method, training, step) ?? learningRateAt(training, step)
}
