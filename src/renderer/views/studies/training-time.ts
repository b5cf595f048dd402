/** How long a study that is not begun would train. */
import type { Plan } from '../../../shared/contract/runs.ts'
import { stepsOfBudget, type StepBudget } from '../../../shared/study.ts'

/** Seconds that its runs take, one after another. @param plans of the presets, one each: of their estimates runs of other lengths take their share */
export function trainingTime(plans: readonly Pick<Plan, 'document' | 'estimate'>[], budget: StepBudget, seeds: number): number {
  const each = plans.map(({ document, estimate }) => {
    const { steps } = document.training
    return (estimate.seconds * (stepsOfBudget(document, budget) ?? steps)) / steps
  })
  return seeds * each.reduce((sum, one) => sum + one, 0)
}
