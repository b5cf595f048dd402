/** The kinds of analyses there are, in the order in which they are told of: one line each. */
import type { Analysis, ResultRecord } from './analysis.ts'
import { adversarial } from './adversarial/definition.ts'
import { calibration } from './calibration/definition.ts'
import { diversity } from './diversity/definition.ts'
import { distillation } from './distillation/definition.ts'
import { distillationBench } from './distillation-bench/definition.ts'
import { ensemble } from './ensemble/definition.ts'
import { evaluation } from './evaluation/definition.ts'
import { filters } from './filters/definition.ts'
import { map } from './map/definition.ts'
import { outsider } from './outsider/definition.ts'
import { paths } from './paths/definition.ts'
import { scatter } from './scatter/definition.ts'
import { shift } from './shift/definition.ts'
import { uncertainty } from './uncertainty/definition.ts'

const registry = {
  evaluation,
  ensemble,
  distillation,
  'distillation-bench': distillationBench,
  map,
  scatter,
  filters,
  calibration,
  uncertainty,
  outsider,
  shift,
  diversity,
  paths,
  adversarial,
}

export type AnalysisKind = keyof typeof registry
export type OptionsOf<K extends AnalysisKind> = (typeof registry)[K] extends Analysis<infer O> ? O : never
export type FindingsOf<K extends AnalysisKind> = (typeof registry)[K] extends Analysis<infer _, infer R> ? R : never
/** A stored result of a kind that is known. */
export type Result<K extends AnalysisKind = AnalysisKind> = {
  [Kind in K]: ResultRecord<OptionsOf<Kind>, FindingsOf<Kind>> & { kind: Kind }
}[K]

/** All of them, for whoever does not care which. */
export const analyses: readonly Analysis[] = Object.values(registry)

/** Undefined: this version knows no such kind. */
export const findAnalysis = (kind: string): Analysis | undefined => analyses.find((one) => one.kind === kind)

/** By the name of its command, which is that of its tasks, too. */
export const findAnalysisByCommand = (command: string): Analysis | undefined => analyses.find((one) => one.command === command)

/** Those results that are of a kind, as what they are. */
export function ofKind<T extends { kind: string }, K extends AnalysisKind>(results: readonly T[], kind: K): (T & Result<K>)[] {
  return results.filter((one): one is T & Result<K> => one.kind === kind)
}

/** By their numbers: a clock that was set back gives an older one the later date. */
export const newestFirst = <T extends { id: number }>(results: readonly T[]): T[] => results.toSorted((a, b) => b.id - a.id)

/** How a result of a kind that this version does not know is told of. */
export const unknownKind = (kind: string): string =>
  `A result of kind "${kind}" was made by a newer version of Weightscape; this one cannot show it.`
