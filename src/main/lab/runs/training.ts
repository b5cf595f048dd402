/**
 * One training job of a run: an engine job whose metrics and checkpoints are stored as they come, and
 * whose end, however it comes, leaves the run in a state that says what can be done next.
 */
import type { CheckpointState, DataReference, JobEvent, MetricPoint, NetworksRun } from '../../../shared/engine-protocol.ts'
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import type { MoveFacts, Run, RunState } from '../../store/types.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { DiskRetry, isDisk } from './disk-retry.ts'
import { describeMachine } from './machine.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from './run-log.ts'
import { stateAfter, withRemedy } from './run-end.ts'
import type { RunEnd } from './run-end.ts'

/** Metrics wait at most this long for their transaction, milliseconds. */
const metricBatchMs = 250

export interface TrainingOutcome {
  run: string
  step: number
  /** Seconds of training over all its jobs. */
  seconds: number
  reason: 'finished' | 'paused' | 'stopped'
}

/**
 * Trains a run from a checkpoint, or from its initial weights. While the disk takes nothing it is paused,
 * with the reason, and goes on once that is mended.
 * @throws LabError `diverged`, `engine-lost`, `disk`, `memory`, `cancelled` ...: the run's state and error are stored first
 */
export async function runTraining(
  context: LabContext,
  run: Run,
  data: DataReference,
  from: CheckpointState | undefined,
  end: RunEnd,
): Promise<TrainingOutcome> {
  const { store, jobs, live } = context
  const { document } = run
  if (run.state !== 'queued') store.runs.move(run.id, 'queued')

  let started = false
  let job: string | undefined
  let began: number | undefined
  let step = from?.step ?? 0
  const seconds = () => run.seconds + (began === undefined ? 0 : (context.elapsed() - began) / 1000)
  const waiting: MetricPoint[] = []
  let lastFlush = context.elapsed()
  const flush = () => {
    if (waiting.length > 0) store.metrics.append(run.id, waiting)
    waiting.length = 0
    store.runs.progress(run.id, step, seconds())
    lastFlush = context.elapsed()
  }

  const disk = new DiskRetry({
    waits: (error) => {
      const remedy = `${error.remedy} The run then goes on by itself; if the lab was closed meanwhile, when it is resumed.`
      moveOrAssume(context, run.id, 'paused', { step, seconds: seconds(), error: { ...toErrorValue(error), remedy } })
      if (job !== undefined) jobs.say(job, 'Waiting for the disk')
      context.note(`${run.id} is paused. ${error.message} ${remedy}`)
    },
    goesOn: () => {
      moveOrAssume(context, run.id, 'training', { step, seconds: seconds() })
      if (job !== undefined) jobs.say(job, '')
      context.note(`${run.id} goes on: the disk takes what it is given again.`)
    },
  })

  const take = (points: readonly MetricPoint[]) => {
    waiting.push(...points)
    for (const point of points) step = Math.max(step, point.step)
    live.points(run.id, points)
  }

  const onEvent = async (event: JobEvent): Promise<void> => {
    if (event.type === 'metrics') {
      take(event.points)
      if (context.elapsed() - lastFlush >= metricBatchMs) await disk.insist(flush)
    } else if (event.type === 'filters') {
      const { type: _type, ...filters } = event
      live.filters(run.id, filters)
    } else if (event.type === 'evaluation') {
      const { step: at, result } = event
      take(sampledMetrics(at, result, context.now()))
      await disk.insist(() => {
        flush()
        const { n: count, split, images } = result
        const about = { run: run.id, step: at, checkpoint: null, seed: null, count, networks: null, dataset: document.data.id }
        const found = store.results.add({ ...about, kind: 'evaluation', split, images, options: {}, result })
        store.events.add(run.id, lines.result(found))
      })
    } else if (event.type === 'checkpoint') {
      step = Math.max(step, event.state.step)
      await disk.insist(async () => {
        flush()
        await store.checkpoints.save(run.id, event.state, event.reason === 'paused' ? end.whenPaused : event.reason)
      })
    }
  }

  try {
    // Asked for while its checkpoint and its data were read.
    if (end.asked) throw new LabError('cancelled', 'It was cancelled before it began.', 'Start it again.')
    const submitted = jobs.submit<'train'>(
      { kind: 'train', document, data, ...(from === undefined ? {} : { from }), ...begunAs(run) },
      {
        run: run.id,
        total: document.training.steps,
        onStart: () => {
          store.metrics.truncate(run.id, from?.step ?? 0)
          store.results.truncate(run.id, from?.step ?? 0)
          store.runs.move(run.id, 'training', { step: from?.step ?? 0 })
          started = true
          live.begin(run.id, () => unlessDisk(flush))
        },
        onReady: (told) => {
          began = context.elapsed()
          const { device, networks, ...versions } = told
          const before = run.machine?.device
          if (device !== undefined && before !== undefined && before !== device)
            context.note(`${run.id} was trained on ${before} and goes on on ${device}: the same numbers, but other last bits.`)
          const facts = {
            machine: { ...describeMachine(), ...omitUndefined({ device, networks }) },
            versions,
            farmProcesses: networks === 'all at once' ? 1 : context.farmProcesses,
          }
          return disk.insist(() => store.runs.setMachine(run.id, facts))
        },
        onEnd: () => disk.end(),
        onEvent,
      },
    )
    job = submitted.id
    const result = await submitted.result
    step = result.step
    flush()
    const reason = result.reason === 'paused' ? end.whenPaused : result.reason
    store.runs.move(run.id, reason, { step, seconds: seconds() })
    return { run: run.id, step, seconds: seconds(), reason }
  } catch (thrown) {
    const error = withRemedy(context, run, thrown)
    if (started) settle(context, run, stateAfter(error, end), error, seconds(), flush)
    else leaveQueue(context, run, end, error)
    throw error
  } finally {
    live.end(run.id)
  }
}

/** How its networks were run so far: all at once, one by one; nothing of a run that has not begun. */
function begunAs({ machine, versions }: Run): { networks?: NetworksRun } {
  if (versions === null) return {}
  return { networks: machine?.networks === 'all at once' ? 'all at once' : 'one by one' }
}

/** The evaluations during training, as curves beside the others. */
export function sampledMetrics(step: number, { mean, min, max, loss, entropy }: EvaluationResult, at: number): MetricPoint[] {
  const values = { mean, min, max, loss, ...(entropy === null ? {} : { entropy }) }
  return Object.entries(values).map(([name, value]) => ({ step, name: `sampled.${name}`, value, at }))
}

/** A run whose turn never came is as it was, unless it was to be ended or the engine refused it. */
function leaveQueue(context: LabContext, run: Run, end: RunEnd, error: LabError): void {
  if (error.code !== 'cancelled') {
    settle(context, run, stateAfter(error, end), error, run.seconds, () => undefined)
    return
  }
  const back = end.whenPaused === 'stopped' ? 'stopped' : run.state
  if (back !== 'queued')
    moveOrAssume(context, run.id, back, { asBefore: back === run.state, ...(run.error === null ? {} : { error: run.error }) })
}

/** Stores how training ended, and what it had measured until then. */
function settle(context: LabContext, run: Run, state: RunState, error: LabError, seconds: number, flush: () => void): void {
  try {
    flush()
  } catch (thrown) {
    context.note(`The last metrics of ${run.id} could not be stored: ${toErrorValue(thrown).message}`)
  }
  moveOrAssume(context, run.id, state, { seconds, error: toErrorValue(error) })
}

/** Where the disk does not take the new state it is shown all the same; the next opening finds the run interrupted. */
function moveOrAssume(context: LabContext, run: string, state: RunState, facts: MoveFacts): void {
  const { runs } = context.store
  try {
    try {
      runs.move(run, state, facts)
    } catch (thrown) {
      if (!isDisk(thrown)) throw thrown
      runs.assume(run, state, facts)
    }
  } catch (thrown) {
    context.note(`The state of ${run} could not be stored: ${toErrorValue(thrown).message}`)
  }
}

/** Leaves for later what the disk does not take now. */
function unlessDisk(write: () => void): void {
  try {
    write()
  } catch (thrown) {
    if (!isDisk(thrown)) throw thrown
  }
}
