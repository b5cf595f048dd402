/** Ours and the rivals in turns, to a table and a result. */
import { measureInTurns, type Participant } from '../measure/alternate.ts'
import { ratioToFastest, summarize, type Summary } from '../measure/statistics.ts'
import { formatMs, formatTable } from '../report/table.ts'
import type { LineWorker } from '../workers/line-worker.ts'
import type { BenchContext, Findings } from './context.ts'

interface Compared {
  /** Ours is called so. */
  participants: readonly Participant[]
  /** What preparing them started: closed at the end. */
  workers: readonly LineWorker[]
  rounds: number
  /** Headings of more columns, and what stands there of a participant. */
  head?: readonly string[]
  cells?: (name: string, summary: Summary) => string[]
}

/** @throws Error where ours failed */
export async function compare(
  { options, say }: BenchContext,
  { participants, workers, rounds, head = [], cells = () => [] }: Compared,
): Promise<Pick<Findings, 'ours' | 'rivals' | 'failed' | 'ratio' | 'text'>> {
  const measured = await measureInTurns(participants, options.rounds ?? rounds, (name, done, total) =>
    say(`turn ${done + 1} of ${total}: ${name}`),
  )
  for (const worker of workers) await worker.close()
  const summaries = new Map<string, Summary>()
  const failed: Record<string, string> = {}
  for (const [name, outcome] of measured) {
    if ('failed' in outcome) failed[name] = outcome.failed
    else summaries.set(name, summarize(outcome.times))
  }
  const ours = summaries.get('ours')
  if (ours === undefined) throw new Error(`Ours failed: ${failed['ours']}`)
  const rows = [...summaries].map(([name, summary]) => [
    name,
    formatMs(summary.minMs),
    formatMs(summary.medianMs),
    (ours.medianMs / summary.medianMs).toFixed(2),
    ...cells(name, summary),
  ])
  summaries.delete('ours')
  return {
    ours,
    rivals: Object.fromEntries(summaries),
    failed,
    ratio: ratioToFastest(ours, summaries.values()),
    text: [
      formatTable(['', 'min ms', 'median ms', 'ours / it', ...head], rows),
      ...Object.entries(failed).map(([name, reason]) => `${name} failed: ${reason}`),
    ].join('\n'),
  }
}
