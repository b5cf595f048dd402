/** What is asked of an analysis, and what it comes to once defaults are filled in and limits are kept. */
import { z } from 'zod'
import { LabError } from '../shared/errors.ts'
import { lastNetwork, maxNetworks } from '../shared/network-count.ts'
import { seedSchema } from '../shared/seeds.ts'
import { splitSchema } from '../shared/split.ts'
import type { Analysis } from './analysis.ts'
import { optionFacts } from './option-facts.ts'
import { otherDataOption } from './other-data.ts'
import { analyses, findAnalysis } from './registry.ts'

/** Networks of a seed by index, where not simply the first ones: a lasso's, for instance. */
const networkIndices = z.array(z.int().min(0).max(lastNetwork)).min(1).max(maxNetworks)

export const analysisRequestSchema = z.strictObject({
  kind: z.string().min(1).max(100),
  /** The first so many networks of the seed; left out: the analysis's default. */
  count: z.int().min(1).max(maxNetworks).optional(),
  /** These instead, in any order. */
  networks: networkIndices.optional(),
  /** Left out: the run's own. */
  seed: seedSchema.optional(),
  /** Step of the checkpoint; left out: the newest. */
  at: z.int().min(0).optional(),
  /** Images to measure on; left out: none where it can do without, else the validation images. */
  split: splitSchema.optional(),
  /** The first so many of the split; left out: all. */
  images: z.int().positive().optional(),
  /** Those of the analysis; what is left out is as its schema says. */
  options: z.record(z.string(), z.unknown()).optional(),
  /** Done again although the result is stored. */
  fresh: z.boolean().optional(),
})
export type AnalysisRequest = z.input<typeof analysisRequestSchema>

/** A request with nothing left open but the run's own seed and newest checkpoint. */
export interface SettledRequest {
  analysis: Analysis
  count: number
  networks: number[] | null
  options: Record<string, unknown>
}

/** @throws LabError `invalid-argument` for an unknown kind, options or networks that it cannot do with */
export function settleRequest(request: AnalysisRequest): SettledRequest {
  const analysis = findAnalysis(request.kind)
  if (analysis === undefined) {
    const known = analyses.map(({ kind }) => kind).join(', ')
    throw new LabError('invalid-argument', `There is no analysis "${request.kind}".`, `Ask for one of these: ${known}.`)
  }
  const given = parseOptions(analysis, request.options ?? {})
  const networks = request.networks === undefined ? null : inOrder(request.networks)
  if (networks !== null && analysis.networks.choose === undefined) {
    throw new LabError('invalid-argument', `The networks of "${analysis.command}" cannot be chosen one by one.`, 'Give their number alone.')
  }
  const count = networks?.length ?? request.count ?? analysis.networks.count?.(given)
  if (count === undefined) throw new LabError('invalid-argument', `"${analysis.command}" must be told how many networks.`, 'Give a number.')
  if (count < analysis.networks.min) {
    throw new LabError(
      'invalid-argument',
      `${count === 1 ? 'One network is' : `${count} networks are`} too few for "${analysis.command}".`,
      `Give at least ${analysis.networks.min}.`,
    )
  }
  const said = Object.entries(given).filter(([key]) => request.options?.[key] !== undefined)
  const options = { ...given, ...analysis.defaults?.(count), ...Object.fromEntries(said) }
  try {
    analysis.check?.(options, count)
  } catch (thrown) {
    // A number of networks is no answer to who has named them.
    if (networks === null || !(thrown instanceof LabError) || thrown.help?.settings?.['count'] === undefined) throw thrown
    throw new LabError(thrown.code, thrown.message, 'Name others, or fewer.', { cause: thrown, settings: { networks: null } })
  }
  return { analysis, count, networks, options }
}

/** @throws LabError `invalid-argument`, naming the options that are wrong */
function parseOptions(analysis: Analysis, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const other = otherDataOption(optionFacts(analysis))?.key
  if (other !== undefined && given[other] === undefined)
    throw new LabError(
      'invalid-argument',
      `"${analysis.command}" must be told about which other data set of the lab its networks are asked.`,
      'Name it, or the beginning of its hash.',
      { settings: { [other]: null } },
    )
  const checked = analysis.options.safeParse(given)
  if (checked.success) return checked.data
  const fields = checked.error.issues.map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
  throw new LabError('invalid-argument', `Options of "${analysis.command}": ${fields.join('; ')}.`, 'Change what was entered.')
}

/** Each once and in order, so that the same choice is the same ensemble. */
export const inOrder = (networks: readonly number[]): number[] => [...new Set(networks)].sort((a, b) => a - b)
