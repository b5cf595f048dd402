/** Benches that time one thing over and over: step, sample, evaluate, attack. */
import { presetDocument } from '../../src/main/lab/experiment/document.ts'
import type { Participant } from '../measure/alternate.ts'
import type { Summary } from '../measure/statistics.ts'
import type { MethodRival } from '../workers/catalogue.ts'
import { timesOf, type LineWorker } from '../workers/line-worker.ts'
import { compare } from './compare.ts'
import { paperDocument, setUpOurs, setUpRival, type Bench, type BenchContext, type Findings } from './context.ts'

interface Repeated {
  /** What workers are asked for. */
  what: 'step' | 'sample' | 'evaluate' | 'attack'
  values: Record<string, number>
  /** Untimed repetitions at first, repetitions a turn, and turns each. */
  warmUp: number
  perTurn: number
  rounds: number
  farm: boolean
  /** Those that have it; where it is not said, all. */
  rivals?: readonly MethodRival[]
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

/** Fast gradient sign on one network, which is then asked at 30 perturbations, as the paper has them. */
const attack: Repeated = {
  what: 'attack',
  values: { images: 1000, perturbations: 30 },
  warmUp: 1,
  perTurn: 1,
  rounds: 8,
  farm: true,
  rivals: ['jax'],
}

/** Methods beside the paper's that `rivals/torch/methods.py` has. */
const inTorch = new Set(['independent', 'mc-dropout', 'bayes-by-backprop'])

export const stepBench: Bench = (context) => run(context, step)
export const sampleBench: Bench = (context) => run(context, sample)
export const evaluateBench: Bench = (context) => run(context, evaluate)
export const attackBench: Bench = (context) => run(context, attack)

async function run(context: BenchContext, bench: Repeated): Promise<Findings> {
  const { options, say } = context
  const versions: Record<string, string> = {}
  const workers: LineWorker[] = []
  const document = bench.what === 'step' && options.preset !== undefined ? presetDocument(options.preset) : paperDocument()
  // The paper's method is written in all of them, some others in one.
  const { kind } = document.method
  const rivals = options.rivals.filter(
    (rival) => (bench.rivals?.includes(rival) ?? true) && (kind === 'hypernetwork' || (rival === 'torch' && inTorch.has(kind))),
  )

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
  const cells = (_name: string, { medianMs }: Summary) =>
    bench.rate === undefined ? [] : [Math.round((1000 * bench.rate.count) / medianMs).toLocaleString('en')]
  const head = bench.rate === undefined ? [] : [bench.rate.unit]
  return {
    ...(await compare(context, { participants, workers, rounds: bench.rounds, head, cells })),
    details: { ...bench.values, perTurn: bench.perTurn },
    versions,
  }
}
