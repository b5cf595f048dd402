/** The life of a run inside the engine: steps, metrics, evaluations, checkpoints; pause, cancel and divergence. */
import type { JobOf, ResultOf } from '../../shared/engine-protocol.ts'
import type { Farm } from '../farm/farm.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { evaluate } from '../sampling/evaluate.ts'
import { Sampler } from '../sampling/sampler.ts'
import type { ImageSet } from '../target-network/program.ts'
import { learningRateAt } from './learning-rate.ts'
import type { Objective } from './objective.ts'
import { TrainingSession } from './session.ts'
import { shownFilters } from './shown-filters.ts'
import { fromCheckpoint, toCheckpoint } from '../hypernetwork/training-state.ts'

/** Milliseconds between two looks at the filters of a few networks: a look costs about a tenth of a step. */
const FILTERS_EVERY = 1000

/**
 * Trains until the document's last step (or `untilStep`), or until a pause is asked for.
 * @throws LabError `diverged` (the checkpoints sent before are finite), `cancelled`
 */
export async function train(job: JobOf<'train'>, farm: Farm, images: ImageSet, context: JobContext): Promise<ResultOf<'train'>> {
  const { document } = job
  const fresh = new TrainingSession(document, farm)
  const session = job.from === undefined ? fresh : new TrainingSession(document, farm, fromCheckpoint(fresh.hypernetwork, job.from))
  const last = Math.min(job.untilStep ?? Infinity, document.training.steps)
  const pacer = new Pacer(context)
  const first = session.state.step
  let lastCheckpoint = { step: job.from === undefined ? -1 : first, at: context.now() }

  const checkpoint = (reason: 'periodic' | 'paused' | 'finished'): void => {
    const { step } = session.state
    if (reason === 'periodic' && step === lastCheckpoint.step) return
    context.emit({ type: 'checkpoint', reason, state: toCheckpoint(session.state) })
    lastCheckpoint = { step, at: context.now() }
  }

  let filtersShown = -Infinity
  const showFilters = (): void => {
    if (context.now() - filtersShown < FILTERS_EVERY) return
    const filters = shownFilters(new Sampler(session.hypernetwork, session.state), document.seed, session.state.step)
    if (filters !== null) context.emit(filters)
    filtersShown = context.now()
  }

  // A run that dies in its first steps can go on too, and shows what its networks were before training.
  if (job.from === undefined) checkpoint('periodic')
  showFilters()
  while (session.state.step < last) {
    if (context.pausing) {
      checkpoint('paused')
      return { kind: 'train', step: session.state.step, reason: 'paused' }
    }
    const began = context.now()
    const objective = await session.step()
    emitMetrics(context, session, objective, began)
    const { step } = session.state
    pacer.progress(step, last)
    showFilters()
    const { every } = document.evaluation
    if (every > 0 && (step % every === 0 || step === last)) await evaluateNow(job, session, farm, images, context)
    const due =
      step % document.training.checkpointEvery === 0 || context.now() - lastCheckpoint.at >= document.training.checkpointSeconds * 1000
    if (due && step < last) checkpoint('periodic')
    await context.yieldToEventLoop()
  }
  checkpoint('finished')
  return { kind: 'train', step: session.state.step, reason: 'finished' }
}

function emitMetrics(context: JobContext, session: TrainingSession, objective: Objective, began: number): void {
  const at = context.now()
  const { step } = session.state
  const values = {
    loss: objective.loss,
    crossEntropy: objective.crossEntropy,
    entropy: objective.entropy,
    trainingAccuracy: objective.accuracy,
    nearestDistance: objective.nearestDistance,
    learningRate: learningRateAt(session.document.training, step - 1),
    stepMilliseconds: at - began,
  }
  context.emit({ type: 'metrics', points: Object.entries(values).map(([name, value]) => ({ step, name, value, at })) })
}

async function evaluateNow(
  job: JobOf<'train'>,
  session: TrainingSession,
  farm: Farm,
  images: ImageSet,
  context: JobContext,
): Promise<void> {
  const { document, data } = job
  const result = await evaluate({
    sampler: new Sampler(session.hypernetwork, session.state),
    farm,
    labels: images.labels,
    data,
    seed: document.seed,
    count: document.evaluation.networks,
    split: 'validation',
    images: document.evaluation.images,
    context,
    quiet: true,
  })
  context.emit({ type: 'evaluation', step: session.state.step, result })
}
