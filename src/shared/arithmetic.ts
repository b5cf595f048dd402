/** What the step of a document costs. */
import { methodOf } from '../methods/registry.ts'
import type { Arithmetic } from '../methods/method.ts'
import type { Experiment } from './experiment.ts'
import { layOut } from './target-layout.ts'

/** Networks that a step shows images to. */
export function trainedNetworks(document: Experiment): number {
  const { networks, trained = networks } = arithmeticOf(document)
  return trained
}

/** As the document's method says. */
export function arithmeticOf({ method, target }: Experiment): Arithmetic {
  return methodOf(method).arithmetic(method, layOut(target))
}
