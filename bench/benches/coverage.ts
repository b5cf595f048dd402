/** How often each kind of interval holds what is so, on made-up measurements of which the truth is known. */
import { cases, coverageOf } from '../coverage/cases.ts'
import { summarize } from '../measure/statistics.ts'
import { formatTable } from '../report/table.ts'
import type { Bench } from './context.ts'

const percent = (share: number): string => (100 * share).toFixed(1)

export const coverageBench: Bench = async ({ options, say }) => {
  const found = []
  for (const one of cases) {
    const began = performance.now()
    const coverage = await coverageOf(one, one.quick * (options.rounds ?? 20), options.seeds[0])
    found.push({ name: one.name, nominal: one.nominal ?? 0.95, ...coverage, ms: performance.now() - began, known: one.known ?? '' })
    say(`${one.name}: ${percent(coverage.held)} %`)
  }
  return {
    ours: summarize(found.map(({ ms }) => ms)),
    ...{ rivals: {}, failed: {}, ratio: null, details: { found }, versions: {} },
    text: formatTable(
      ['interval', 'says, %', 'trials', 'held, %', 'truth below it, %', 'above it, %', 'known'],
      found.map(({ name, nominal, trials, held, below, above, known }) => [
        name,
        ...[percent(nominal), String(trials), percent(held), percent(below), percent(above), known],
      ]),
    ),
  }
}
