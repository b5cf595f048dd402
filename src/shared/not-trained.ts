/** What is said of runs of imported networks, where somebody asks to train them. */
import { methodOf } from '../methods/registry.ts'
import { LabError } from './errors.ts'
import type { Experiment } from './experiment.ts'

/** @param document whose method trains nothing */
export const notTrained = ({ method }: Pick<Experiment, 'method'>): LabError =>
  new LabError(
    'conflict',
    `${methodOf(method).title} are as they came: nothing trains them here.`,
    'Import others as a run of their own, or train a new run by another method.',
  )
