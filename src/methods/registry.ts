/** Every method there is. A new one: its folder, and its name here. */
import { z } from 'zod'
import { LabError } from '../shared/errors.ts'
import { sampled, stepMetrics, type Metric } from '../shared/metrics.ts'
import { bayesByBackprop } from './bayes-by-backprop/definition.ts'
import { bayesianHypernetwork } from './bayesian-hypernetwork/definition.ts'
import { hypergan } from './hypergan/definition.ts'
import { hypernetwork } from './hypernetwork/definition.ts'
import { imported } from './imported/definition.ts'
import { independent } from './independent/definition.ts'
import { laplace } from './laplace/definition.ts'
import { mcDropout } from './mc-dropout/definition.ts'
import type { MethodDefinition } from './method.ts'
import { mnf } from './mnf/definition.ts'
import { sgld } from './sgld/definition.ts'
import { snapshot } from './snapshot/definition.ts'
import { swag } from './swag/definition.ts'

export const methods = [
  hypernetwork,
  independent,
  snapshot,
  swag,
  mcDropout,
  bayesByBackprop,
  mnf,
  bayesianHypernetwork,
  hypergan,
  sgld,
  laplace,
  imported,
] as const

type Schema = (typeof methods)[number]['schema']
/** `method` in a document. */
export type MethodSpec = z.infer<Schema>

export const methodSchema = z.discriminatedUnion('kind', methods.map(({ schema }) => schema) as unknown as readonly [Schema, ...Schema[]])

/**
 * The definition behind `method` of a document.
 * @throws LabError `bad-input` naming the methods there are
 */
export function methodOf({ kind }: { kind: string }): MethodDefinition {
  const found = methods.find((method) => method.kind === kind)
  if (found !== undefined) return found
  throw new LabError(
    'bad-input',
    `This version of Weightscape knows no method "${kind}".`,
    `It knows: ${methods.map((method) => method.kind).join(', ')}. Use the version that wrote the document, or name another method.`,
  )
}

/** Whether runs of a document's method are trained; else they are made by an import, and are as they are. */
export const isTrained = ({ method }: { method: { kind: string } }): boolean => methodOf(method).optimiser !== 'none'

/** Names of all that a run may have measured, whatever its method. */
export const metricNames: readonly string[] = [
  ...new Set(
    [...methods.flatMap((method) => method.metrics), ...stepMetrics, sampled.mean, sampled.min, sampled.max].map(({ name }) => name),
  ),
]

/** What the charts of a run show beside its accuracy, by the methods of the runs shown. */
export function chartsOf(specs: readonly { kind: string }[]): Metric[] {
  const all = specs.flatMap((spec) => methodOf(spec).metrics).filter(({ aside }) => aside !== true)
  return [...new Map(all.map((metric) => [metric.name, metric])).values()]
}
