/**
 * An engine without TensorFlow, for tests of what surrounds it: it speaks the protocol as the real one
 * does (same events, same order, pause after the step under way, cancel, divergence, sudden death), and
 * its "weights" follow from document, seed and step alone, so that resumed and uninterrupted runs can
 * be compared bit for bit.
 */
import { createHash } from 'node:crypto'
import type { EngineHost, JobHandle, JobHandlers } from '../../../shared/engine-host.ts'
import type { CheckpointState, EngineJob, JobEvent, JobKind, JobOf, JobResult, ResultOf } from '../../../shared/engine-protocol.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import { jobName } from '../../../analyses/job-name.ts'
import { LabError } from '../../../shared/errors.ts'
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import type { Split } from '../../../shared/split.ts'
import { layOut } from '../../../shared/target-layout.ts'

export interface Faults {
  /** The engine dies after this training step. */
  dieAfter?: number
  /** The loss is no number at this training step. */
  divergeAt?: number
  /** Called after each training step; a promise is waited for. */
  onStep?(step: number): unknown
  /** By how much it misses golden numbers. */
  relativeError?: number
  /** Refuses every job with this. */
  refuse?: LabError
}

export interface FakeEngine extends EngineHost {
  faults: Faults
  /** What jobs were run, in order, by the commands that ask for them. */
  readonly ran: string[]
}

export function fakeEngine(faults: Faults = {}): FakeEngine {
  const ran: string[] = []
  const engine: FakeEngine = {
    faults,
    ran,
    farmProcesses: 2,
    explore: () => {
      throw engine.faults.refuse ?? new Error('Nothing is explored here')
    },
    device: () => Promise.resolve({ versions: { fake: '1.0' }, gpu: null, networks: 'one by one', unused: null }),
    run<K extends JobKind>(job: JobOf<K>, handlers: JobHandlers = {}): JobHandle<K> {
      ran.push(jobName(job))
      const control = { pausing: false, cancelled: false }
      return {
        result: work(job, handlers, control, engine.faults) as Promise<ResultOf<K>>,
        pause: () => {
          control.pausing = true
        },
        cancel: () => {
          control.cancelled = true
        },
        peakBytes: 0,
        residentBytes: 0,
      }
    },
    close: () => Promise.resolve(),
  }
  return engine
}

interface Control {
  pausing: boolean
  cancelled: boolean
}

async function work(job: EngineJob, handlers: JobHandlers, control: Control, faults: Faults): Promise<JobResult> {
  const emit = async (event: JobEvent) => {
    await handlers.onEvent?.(event)
    await new Promise((resolve) => setImmediate(resolve))
    if (control.cancelled) throw new LabError('cancelled', 'The job was cancelled.', 'Start it again.')
  }
  if (faults.refuse !== undefined) throw faults.refuse
  await handlers.onReady?.({ fake: '1.0' })
  switch (job.kind) {
    case 'train':
      return train(job, emit, control, faults)
    case 'sample': {
      const { weightCount } = layOut(job.document.target)
      for (let done = 0; done < job.count; done += 3) {
        const count = Math.min(3, job.count - done)
        const weights = new Float32Array(count * weightCount)
        for (let i = 0; i < count; i++)
          weights.set(numbers(`${identity(job.checkpoint)} ${job.seed} ${job.first + done + i}`, weightCount), i * weightCount)
        await emit({ type: 'weights', first: job.first + done, count, weights })
        await emit({ type: 'progress', done: done + count, total: job.count, seconds: 0.01 })
      }
      return { kind: 'sample', count: job.count, seconds: 0.01 }
    }
    case 'analysis':
      return { kind: 'analysis', ...(await analyse(job, emit)) }
    case 'verify': {
      const worst = { name: 'weights', relativeError: faults.relativeError ?? 1e-6 }
      return { kind: 'verify', ok: worst.relativeError < 1e-4, worst, checks: [worst] }
    }
  }
}

type Emit = (event: JobEvent) => Promise<void>

async function analyse(job: JobOf<'analysis'>, emit: Emit): Promise<{ result: object; arrays: NamedArrays }> {
  const { analysis, count: n, seed, split = 'validation', options } = job
  const images = job.images ?? job.data?.split[split] ?? 0
  const array = (data: Float32Array, ...shape: number[]) => ({ shape, data })
  switch (analysis) {
    case 'evaluation': {
      const origin = identity(job.checkpoint!)
      for (let i = 0; i < n; i++) {
        const said = probabilities(`${origin} ${seed} ${i}`, images, job.data!.classes)
        await emit({ type: 'probabilities', first: i, count: 1, probabilities: said })
        await emit({ type: 'progress', done: i + 1, total: n, seconds: 0.01 * i })
      }
      return { result: evaluation(n, images, split, `${origin} ${seed} ${split} ${images}`), arrays: {} }
    }
    case 'ensemble': {
      const vote = (size: number) => 1 - 0.2 / size
      const three = (value: number) => ({ majority: value, meanProbability: value, mostConfident: value })
      const sizes = (options['sizes'] as number[]).map((size) => ({
        ...{ size, draws: 10, ...three(vote(size)) },
        ...{ low: three(vote(size) - 0.01), high: three(vote(size)) },
      }))
      const calibration = [{ confidence: 0.9, accuracy: 0.9, count: images }]
      return { result: { n, images, split, sizes, disagreement: 0.1, calibration, calibrationError: 0.01 }, arrays: {} }
    }
    case 'calibration': {
      const reliability = { bins: [{ confidence: 0.9, accuracy: 0.9, count: images }], error: 0.01 }
      return { result: { n, images, split, single: reliability, vote: reliability }, arrays: {} }
    }
    case 'distillation': {
      const { target } = job.document
      for (let step = 1; step <= 4; step++) await emit({ type: 'progress', done: step, total: 4, seconds: step })
      const { weightCount } = layOut(target)
      const result = {
        ...{ student: 0.95, ensemble: 0.96, bestMember: 0.94, meanMember: 0.9 },
        ...{ n, images, split, steps: options['steps'], seconds: 4, target },
        curve: [{ step: 4, accuracy: 0.95, loss: 0.2 }],
      }
      return { result, arrays: { weights: array(numbers('student', weightCount), weightCount) } }
    }
    case 'map': {
      const { together } = job
      const n = together?.parts.reduce((sum, { count }) => sum + count, 0) ?? job.count
      const runs = together?.parts.map((part) => ({ ...part, kin: 0.5 }))
      const tsne = options['method'] === 'tsne'
      for (let done = 0; done < 3 && tsne; done++) {
        await emit({ type: 'draft', done, total: 3, arrays: { coordinates: array(numbers(`draft ${done}`, 2 * n), n, 2) } })
      }
      await emit({ type: 'progress', done: 1, total: 1, seconds: 1 })
      return {
        result: {
          n,
          method: options['method'],
          seconds: 1,
          klDivergence: tsne ? 0.5 : null,
          explained: tsne ? null : [0.4, 0.2],
          ...(runs && { runs }),
        },
        arrays: {
          coordinates: array(numbers('map', 2 * n), n, 2),
          'value:norm': array(numbers('norm', n), n),
          'value:nearest': array(numbers('nearest', n), n),
        },
      }
    }
    default:
      throw new LabError('internal', `The made-up engine does no ${analysis}.`, 'Teach it.')
  }
}

async function train(job: JobOf<'train'>, emit: (event: JobEvent) => Promise<void>, control: Control, faults: Faults): Promise<JobResult> {
  const { document } = job
  const { steps, checkpointEvery } = document.training
  let { step, arrays } = job.from ?? { step: 0, arrays: { parameters: numbers(`initial ${document.seed}`, 16) } }
  const checkpoint = (reason: 'periodic' | 'paused' | 'finished') =>
    emit({ type: 'checkpoint', reason, state: { step, arrays: structuredClone(arrays) } })
  if (job.from === undefined) await checkpoint('periodic')
  while (step < steps) {
    if (control.pausing) {
      await checkpoint('paused')
      return { kind: 'train', step, reason: 'paused' }
    }
    if (faults.divergeAt === step + 1)
      throw new LabError('diverged', `The loss is not a finite number at step ${step}.`, 'Lower the learning rate.')
    const change = numbers(`${document.seed} ${JSON.stringify(document.method)} ${step}`, 16)
    arrays = { parameters: arrays.parameters.map((value, i) => Math.fround(value * 0.9 + change[i])) }
    step++
    const loss = arrays.parameters[0]
    await emit({ type: 'metrics', points: ['loss', 'crossEntropy', 'entropy'].map((name) => ({ step, name, value: loss, at: step })) })
    if (step % 2 === 0) {
      const { fanIn, filters, input } = layOut(document.target).weighted[0]
      const [kernel, channels] = [Math.round(Math.sqrt(fanIn / input[2])), input[2]]
      await emit({ type: 'filters', step, networks: 2, filters, kernel, channels, values: numbers(`filters ${step}`, 2 * filters * fanIn) })
    }
    await emit({ type: 'progress', done: step, total: steps, seconds: step / 10 })
    if (document.evaluation.every > 0 && step % document.evaluation.every === 0) {
      await emit({
        type: 'evaluation',
        step,
        result: evaluation(document.evaluation.networks, document.evaluation.images, 'validation', String(step)),
      })
    }
    if (step % checkpointEvery === 0 && step < steps) await checkpoint('periodic')
    await faults.onStep?.(step)
    if (faults.dieAfter === step)
      throw new LabError('engine-lost', 'The engine process (pid 1) was killed by SIGKILL.', 'Start the job again.')
  }
  await checkpoint('finished')
  return { kind: 'train', step, reason: 'finished' }
}

/** Numbers in [-1, 1) that follow from a text. */
function numbers(text: string, count: number): Float32Array {
  const values = new Float32Array(count)
  for (let i = 0; i < count; i += 8) {
    const digest = createHash('sha256').update(`${text} ${i}`).digest()
    for (let j = 0; j < 8 && i + j < count; j++) values[i + j] = digest.readInt32LE(4 * j) / 2 ** 31
  }
  return values
}

function probabilities(text: string, images: number, classes: number): Float32Array {
  const values = numbers(text, images * classes).map((value) => value + 1.001)
  for (let image = 0; image < images; image++) {
    const row = values.subarray(image * classes, (image + 1) * classes)
    const sum = row.reduce((a, b) => a + b, 0)
    for (let k = 0; k < classes; k++) row[k] /= sum
  }
  return values
}

const identity = ({ step, arrays }: CheckpointState) =>
  createHash('sha256')
    .update(JSON.stringify([step, arrays]))
    .digest('hex')

function evaluation(n: number, images: number, split: Split, text: string): EvaluationResult {
  const accuracies = [...numbers(text, n)].map((value) => 0.9 + 0.05 * value)
  const mean = accuracies.reduce((a, b) => a + b, 0) / n
  const std = Math.sqrt(accuracies.reduce((a, b) => a + (b - mean) ** 2, 0) / n)
  const losses = accuracies.map((value) => 1 - value)
  return {
    n,
    images,
    split,
    mean,
    std,
    min: Math.min(...accuracies),
    max: Math.max(...accuracies),
    loss: 1 - mean,
    entropy: 2800,
    accuracies,
    losses,
    seconds: 0.5,
  }
}
