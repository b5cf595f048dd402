/** The life of a run inside the engine: steps, metrics, evaluations, checkpoints; pause, cancel and divergence. */
import type { JobOf, ResultOf } from '../../shared/engine-protocol.ts'
import { learningRate, stepTime } from '../../shared/metrics.ts'
import type { Farm } from '../farm/farm.ts'
import type { JobContext } from '../job/context.ts'
import { Pacer } from '../job/pacer.ts'
import { methodEngine, type Trainer } from '../methods/method-engine.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import type { ImageSet } from '../target-network/program.ts'
import { rateOf } from './learning-rate.ts'
import { shownFilters } from './shown-filters.ts'

/** Milliseconds between two looks at the filters of a few networks: a look costs about a tenth of a step. */
const FILTERS_EVERY = 1000

/**
 * Trains until the document's last step (or `untilStep`), or until a pause is asked for.
 * @throws LabError `diverged` (the checkpoints sent before are finite), `cancelled`
 */
export async function train(job: JobOf<'train'>, farm: Farm, images: ImageSet, context: JobContext): Promise<ResultOf<'train'>> {
  const { document } = job
  const trainer = (await methodEngine(document)).createTrainer(document, farm, job.from)
  const last = Math.min(job.untilStep ?? Infinity, document.training.steps)
  const pacer = new Pacer(context)
  const first = trainer.done
  let lastCheckpoint = { step: job.from === undefined ? -1 : first, at: context.now() }

  const checkpoint = (reason: 'periodic' | 'paused' | 'finished'): void => {
    const step = trainer.done
    if (reason === 'periodic' && step === lastCheckpoint.step) return
    context.emit({ type: 'checkpoint', reason, state: trainer.toCheckpoint() })
    lastCheckpoint = { step, at: context.now() }
  }

  let lastFilters = { step: -1, at: -Infinity }
  const showFilters = (every = FILTERS_EVERY): void => {
    const [step, at] = [trainer.done, context.now()]
    if (step === lastFilters.step || at - lastFilters.at < every) return
    const filters = shownFilters(trainer.source(), document.seed, step)
    if (filters !== null) context.emit(filters)
    lastFilters = { step, at: context.now() }
  }

  // A run that dies in its first steps can go on too, and shows what its networks were before training.
  if (job.from === undefined) checkpoint('periodic')
  showFilters()
  while (trainer.done < last) {
    if (context.pausing) {
      showFilters(0)
      checkpoint('paused')
      return { kind: 'train', step: trainer.done, reason: 'paused' }
    }
    const began = context.now()
    const measured = await trainer.step()
    const step = trainer.done
    emitMetrics(context, step, {
      ...measured,
      [learningRate.name]: rateOf(document, step - 1),
      [stepTime.name]: context.now() - began,
    })
    pacer.progress(step, last)
    showFilters()
    const { every } = document.evaluation
    if (every > 0 && (step % every === 0 || step === last)) await evaluateNow(job, trainer, farm, images, context)
    const due =
      step % document.training.checkpointEvery === 0 || context.now() - lastCheckpoint.at >= document.training.checkpointSeconds * 1000
    if (due && step < last) checkpoint('periodic')
    await context.yieldToEventLoop()
  }
  showFilters(0)
  checkpoint('finished')
  return { kind: 'train', step: trainer.done, reason: 'finished' }
}

function emitMetrics(context: JobContext, step: number, values: Readonly<Record<string, number>>): void {
  const at = context.now()
  context.emit({ type: 'metrics', points: Object.entries(values).map(([name, value]) => ({ step, name, value, at })) })
}

async function evaluateNow(job: JobOf<'train'>, trainer: Trainer, farm: Farm, images: ImageSet, context: JobContext): Promise<void> {
  const { document, data } = job
  const source = trainer.source()
  const { networks } = document.evaluation
  const result = await evaluate({
    source,
    farm,
    labels: images.labels,
    data,
    seed: document.seed,
    count: source.count === 'any' ? networks : Math.min(networks, source.count),
    split: 'validation',
    images: document.evaluation.images,
    context,
    quiet: true,
  })
  context.emit({ type: 'evaluation', step: trainer.done, result })
}
