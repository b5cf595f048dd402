/**
 * One sitting of training: an engine job whose metrics and checkpoints are stored as they come, and
 * whose end, however it comes, leaves the run in a state that says what can be done next.
 */
import type { CheckpointState, JobEvent, MetricPoint } from '../../shared/engine-protocol.ts'
import { LabError, toErrorValue } from '../../shared/errors.ts'
import type { EvaluationResult } from '../../shared/results.ts'
import type { Run, RunState } from '../store/types.ts'
import { describeMachine } from './machine.ts'
import type { LabParts } from './parts.ts'

/** Metrics wait at most this long for their transaction, milliseconds. */
const metricBatchMs = 250

export interface TrainingOutcome {
  run: string
  step: number
  /** Seconds of training over all sittings. */
  seconds: number
  reason: 'finished' | 'paused' | 'stopped'
}

/** What a pause is meant as; whoever started the sitting may change it while it goes on. */
export interface SittingEnd {
  whenPaused: 'paused' | 'stopped'
}

/**
 * Trains a run from a checkpoint, or from its initial weights.
 * @throws LabError `diverged`, `engine-lost`, `disk`, `memory`, `cancelled` ...: the run's state and error are stored first
 */
export async function sitting(parts: LabParts, run: Run, from: CheckpointState | undefined, end: SittingEnd): Promise<TrainingOutcome> {
  const { store, jobs, live } = parts
  const { document } = run
  const data = await store.datasets.reference(document.data.id, document.data.split)
  if (run.state !== 'queued') store.runs.move(run.id, 'queued')

  let started = false
  let began = parts.now()
  let step = from?.step ?? 0
  const seconds = () => run.seconds + (parts.now() - began) / 1000
  const waiting: MetricPoint[] = []
  let lastFlush = parts.now()
  const flush = () => {
    if (waiting.length > 0) store.metrics.append(run.id, waiting.splice(0))
    store.runs.progress(run.id, step, seconds())
    lastFlush = parts.now()
  }

  const take = (points: readonly MetricPoint[]) => {
    waiting.push(...points)
    for (const point of points) step = Math.max(step, point.step)
    live.points(run.id, points)
  }

  const onEvent = async (event: JobEvent): Promise<void> => {
    if (event.type === 'metrics') {
      take(event.points)
      if (parts.now() - lastFlush >= metricBatchMs) flush()
    } else if (event.type === 'filters') {
      const { type: _type, ...filters } = event
      live.filters(run.id, filters)
    } else if (event.type === 'evaluation') {
      take(sampledMetrics(event.step, event.result, parts.now()))
      flush()
      store.evaluations.add({
        run: run.id,
        step: event.step,
        checkpoint: null,
        seed: null,
        dataset: document.data.id,
        split: event.result.split,
        result: event.result,
      })
    } else if (event.type === 'checkpoint') {
      step = Math.max(step, event.state.step)
      flush()
      await store.checkpoints.save(run.id, event.state, event.reason === 'paused' ? end.whenPaused : event.reason)
    }
  }

  try {
    const job = jobs.submit<'train'>(
      { kind: 'train', document, data, ...(from === undefined ? {} : { from }) },
      {
        run: run.id,
        total: document.training.steps,
        onStart: () => {
          store.metrics.truncate(run.id, from?.step ?? 0)
          store.runs.move(run.id, 'training', { step: from?.step ?? 0 })
          started = true
          live.begin(run.id, flush)
        },
        onReady: (versions) => {
          began = parts.now()
          store.runs.setMachine(run.id, { machine: describeMachine(), versions, farmProcesses: parts.farmProcesses })
        },
        onEvent,
      },
    )
    const result = await job.result
    step = result.step
    flush()
    const reason = result.reason === 'paused' ? end.whenPaused : result.reason
    store.runs.move(run.id, reason, { step, seconds: seconds() })
    return { run: run.id, step, seconds: seconds(), reason }
  } catch (thrown) {
    const error = withRemedy(parts, run, thrown)
    if (started) settle(parts, run, stateAfter(error), error, seconds(), flush)
    else leaveQueue(parts, run, end, error)
    throw error
  } finally {
    live.end(run.id)
  }
}

/** The evaluations during training, as curves beside the others. */
function sampledMetrics(step: number, { mean, min, max, loss, entropy }: EvaluationResult, at: number): MetricPoint[] {
  return Object.entries({ mean, min, max, loss, entropy }).map(([name, value]) => ({ step, name: `sampled.${name}`, value, at }))
}

/** A run whose turn never came is as it was, unless it was to be ended or the engine refused it. */
function leaveQueue(parts: LabParts, run: Run, end: SittingEnd, error: LabError): void {
  if (error.code !== 'cancelled') {
    settle(parts, run, stateAfter(error), error, run.seconds, () => undefined)
    return
  }
  const back = end.whenPaused === 'stopped' ? 'stopped' : run.state
  if (back !== 'queued') parts.store.runs.move(run.id, back, run.error === null ? {} : { error: run.error })
}

/** A run whose engine died can go on from its checkpoint; one whose numbers are no longer finite cannot. */
function stateAfter(error: LabError): RunState {
  if (error.code === 'cancelled' || error.code === 'engine-lost' || error.code === 'memory') return 'interrupted'
  if (error.code === 'disk') return 'paused'
  return 'failed'
}

function withRemedy(parts: LabParts, run: Run, thrown: unknown): LabError {
  const { code, message, remedy } = toErrorValue(thrown)
  const options = { cause: thrown }
  const last = newestStep(parts, run)
  const goesOn = last === undefined ? 'begins again from step 0' : `goes on from step ${last}`
  switch (code) {
    case 'diverged':
      return last === undefined
        ? new LabError(
            code,
            message,
            `There is no checkpoint yet. Train anew with a smaller rate: --set training.learningRate=${run.document.training.learningRate / 2}`,
            options,
          )
        : new LabError(
            code,
            message,
            `The last finite checkpoint, step ${last}, is kept. Fork from it with a smaller rate: fork ${run.id} --at ${last} --set training.learningRate=${run.document.training.learningRate / 2}`,
            options,
          )
    case 'engine-lost':
    case 'cancelled':
      return new LabError(code, message, `Nothing stored is lost: resume ${run.id} ${goesOn}.`, options)
    case 'memory':
      return new LabError(
        code,
        message,
        `${remedy} Then resume ${run.id} ${goesOn}; or train anew with a smaller training.noiseBatch or training.imageBatch.`,
        options,
      )
    case 'disk':
      return new LabError(code, message, `${remedy} Then resume ${run.id} ${goesOn}.`, options)
    default:
      return new LabError(code, message, remedy, options)
  }
}

function newestStep(parts: LabParts, run: Run): number | undefined {
  try {
    return parts.store.checkpoints.list(run.id).find((checkpoint) => !checkpoint.damaged)?.step
  } catch {
    return undefined // The store itself is what failed; the error at hand says so already.
  }
}

/** Stores how a sitting ended. When even that fails (a full disk), the next opening finds the run and marks it interrupted. */
function settle(parts: LabParts, run: Run, state: RunState, error: LabError, seconds: number, flush: () => void): void {
  try {
    flush()
    parts.store.runs.move(run.id, state, { seconds, error: toErrorValue(error) })
  } catch (thrown) {
    parts.note(`The state of ${run.id} could not be stored: ${toErrorValue(thrown).message}`)
  }
}
