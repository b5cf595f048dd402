/** Benches that time one thing over and over: step, sample, evaluate. */
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import { measureInTurns, type Participant } from '../measure/alternate.ts'
import { ratioToFastest, summarize, type Summary } from '../measure/statistics.ts'
import { formatMs, formatTable } from '../report/table.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import { paperDocument, setUpOurs, setUpRival, type Bench, type BenchContext, type Findings } from './context.ts'

interface Repeated {
  /** What workers are asked for. */
  what: 'step' | 'sample' | 'evaluate'
  values: Record<string, number>
  /** Untimed repetitions at first, repetitions a turn, and turns each. */
  warmUp: number
  perTurn: number
  rounds: number
  farm: boolean
  /** Things done in one repetition, for a column of rates. */
  rate?: { count: number; unit: string }
}

const step: Repeated = { what: 'step', values: {}, warmUp: 5, perTurn: 5, rounds: 8, farm: true }
const sample: Repeated = {
  what: 'sample',
  values: { networks: 200 },
  warmUp: 5,
  perTurn: 10,
  rounds: 8,
  farm: false,
  rate: { count: 200, unit: 'networks/s' },
}
const evaluate: Repeated = {
  what: 'evaluate',
  values: { networks: 200, images: 1000 },
  warmUp: 1,
  perTurn: 1,
  rounds: 3,
  farm: true,
  rate: { count: 200, unit: 'networks/s' },
}

/** Methods beside the paper's that `rivals/torch/methods.py` has. */
const inTorch = new Set(['independent', 'mc-dropout', 'bayes-by-backprop'])

export const stepBench: Bench = (context) => run(context, step)
export const sampleBench: Bench = (context) => run(context, sample)
export const evaluateBench: Bench = (context) => run(context, evaluate)

async function run(context: BenchContext, bench: Repeated): Promise<Findings> {
  const { options, say } = context
  const versions: Record<string, string> = {}
  const workers: LineWorker[] = []
  const document = bench.what === 'step' && options.preset !== undefined ? presetDocument(options.preset) : paperDocument()
  // The paper's method is written in all of them, some others in one.
  const { kind } = document.method
  const rivals = options.rivals.filter((rival) => kind === 'hypernetwork' || (rival === 'torch' && inTorch.has(kind)))

  function participant(name: string, start: () => Promise<{ worker: LineWorker; version: string }>): Participant {
    let worker: LineWorker
    return {
      name,
      async prepare() {
        say(`${name}: starting and warming up`)
        const started = await start()
        worker = started.worker
        workers.push(worker)
        versions[name] = started.version
        // Averages and weights of a hypernetwork that has trained a little: an untrained one has none to sample with.
        if (bench.what !== 'step') await worker.ask('step', { n: 2 })
        await worker.ask(bench.what, { ...bench.values, n: bench.warmUp })
      },
      async turn() {
        return timesOf(await worker.ask(bench.what, { ...bench.values, n: bench.perTurn }))
      },
    }
  }

  const participants = [
    participant('ours', () => setUpOurs(context, document, bench.farm)),
    ...rivals.map((rival) => participant(rival, () => setUpRival(context, rival, document))),
  ]
  const measured = await measureInTurns(participants, options.rounds ?? bench.rounds, (name, done, total) =>
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
  summaries.delete('ours')
  return {
    ours,
    rivals: Object.fromEntries(summaries),
    failed,
    ratio: ratioToFastest(ours, summaries.values()),
    details: { ...bench.values, perTurn: bench.perTurn },
    versions,
    text: table(ours, summaries, failed, bench),
  }
}

function table(ours: Summary, rivals: ReadonlyMap<string, Summary>, failed: Readonly<Record<string, string>>, { rate }: Repeated): string {
  const row = (name: string, summary: Summary): string[] => [
    name,
    formatMs(summary.minMs),
    formatMs(summary.medianMs),
    ...(rate === undefined ? [] : [Math.round((1000 * rate.count) / summary.medianMs).toLocaleString('en')]),
    (ours.medianMs / summary.medianMs).toFixed(2),
  ]
  const head = ['', 'min ms', 'median ms', ...(rate === undefined ? [] : [rate.unit]), 'ours / it']
  const rows = [row('ours', ours), ...[...rivals].map(([name, summary]) => row(name, summary))]
  const reasons = Object.entries(failed).map(([name, reason]) => `${name} failed: ${reason}`)
  return [formatTable(head, rows), ...reasons].join('\n')
}
