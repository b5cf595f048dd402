/**
 * Networks that somebody trained elsewhere become a run of the method `imported`: read for a target, tried on validation
 * images, and kept whole or not at all. What is not certain is asked.
 */
import { accuracyOverImages, type EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import { guessOf, isGuess } from '../../../analyses/guessing.ts'
import { kernelLayouts, type ImportedSpec, type KernelLayoutName } from '../../../methods/imported/schema.ts'
import type { CheckpointState } from '../../../shared/engine-protocol.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { trialInWords, type NetworkOptions, type NetworkPreview, type NetworkTrial } from '../../../shared/network-import.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { percentWithin } from '../../../shared/statistics/in-words.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import { splitRange } from '../../../shared/split.ts'
import { leastBatch } from '../../../shared/reference-batch.ts'
import { hasStatistics, layOut } from '../../../shared/target-layout.ts'
import { trainingSchema } from '../../../shared/training.ts'
import { count, listed, percent, plural } from '../../../shared/wording.ts'
import { openStore } from '../../store/open-store.ts'
import type { Run } from '../../store/types.ts'
import type { NetworkFiles } from '../formats/networks/read-networks.ts'
import type { LabContext } from '../context/lab-context.ts'
import { LabService } from '../context/lab-service.ts'
import type { DatasetService } from '../imports/datasets.ts'
import { importPreset } from './command-lines.ts'
import type { NewRunRequest, RunService } from './runs.ts'
import { inStaging } from './staging.ts'
import { sampledMetrics } from './training.ts'

/** Beside the files: whose target they are of, and on which data. */
export interface NetworkImportRequest extends Pick<NewRunRequest, 'from' | 'data' | 'settings' | 'split' | 'name'> {
  /** In the order of the networks. */
  paths: readonly string[]
  options: NetworkOptions
}

/**
 * Whose target networks are of, as a JSON file tells: it holds a document, or a target alone.
 * @param name of the file, for the sentence
 * @throws LabError `bad-input`
 */
export function targetInFile(value: unknown, name: string): Pick<NetworkImportRequest, 'from' | 'settings'> {
  if (typeof value !== 'object' || value === null)
    throw new LabError('bad-input', `${name} holds no target.`, 'Give a JSON file with a target or a document.')
  return 'layers' in value ? { from: importPreset, settings: [{ key: 'target', value }] } : { from: { document: value }, settings: [] }
}

/** Networks that are tried, where there are more; where kernels may lie in several ways, of each. */
const maxTried = 200
const triedOfEach = 8
/** Validation images that they are tried on. */
const maxImages = 1000
/** The one step at whose end they are as they are. */
const step = 1

interface Settled {
  preview: NetworkPreview
  document: Experiment
  state: CheckpointState
  result: EvaluationResult
}

export class NetworkImportService extends LabService<LabContext & { runs: RunService; datasets: DatasetService }> {
  /** What would become of the files, and what is in doubt. @throws LabError `bad-input`, `not-found`, `invalid-argument` */
  async look(request: NetworkImportRequest): Promise<NetworkPreview> {
    return (await this.#settle(request)).preview
  }

  /**
   * The run that they become, finished; null where something is in doubt.
   * @throws LabError as {@link look}; `disk`
   */
  async import(request: NetworkImportRequest): Promise<{ preview: NetworkPreview; run: Run | null }> {
    const settled = await this.#settle(request)
    const { preview } = settled
    return { preview, run: preview.doubts.length > 0 ? null : await this.#keep(settled, request.name) }
  }

  async #settle({ paths, options, from, data, settings, split }: NetworkImportRequest): Promise<Settled> {
    const { runs, thread } = this.context
    if (paths.length === 0) throw new LabError('invalid-argument', 'No files were named.', 'Name the files of the networks.')
    const base = await runs.document(omitUndefined({ from, data, settings, split }), (message) => this.context.note(message))
    const { accept, ...said } = options
    const files = await thread.run('networks', { paths, target: base.target, tried: triedOfEach, ...said })
    const tried = []
    for (const { layout, weights } of files.readings) tried.push(await this.#try(documentOf(base, files, layout, options), weights))
    const guess = guessOf(await this.context.store.datasets.labels(base.data), {
      from: splitRange(base.data.split, 'validation').from,
      count: tried[0].trial.images,
    })
    const readings = tried.map(({ trial, document: { method } }) => {
      const { layout } = method as ImportedSpec
      return { ...trial, layout, title: kernelLayouts[layout].title }
    })
    const preview: NetworkPreview = {
      networks: files.networks,
      weights: layOut(base.target).weightCount,
      source: files.source,
      modules: files.modules,
      notes: files.notes,
      readings,
      doubts: [
        ...layoutDoubt(readings),
        ...modulesDoubt(files),
        ...(readings.length === 1 && accept === undefined ? guessingDoubt(tried[0].result, readings[0], guess) : []),
      ],
    }
    return { preview, ...tried[0] }
  }

  /** How good networks are on validation images. */
  async #try(document: Experiment, weights: Float32Array): Promise<Omit<Settled, 'preview'> & { trial: NetworkTrial }> {
    const there = weights.length / layOut(document.target).weightCount
    const networks = Math.min(there, maxTried)
    const images = Math.min(document.data.split.validation, maxImages)
    const state: CheckpointState = { step, arrays: { weights } }
    const job = this.context.jobs.submit<'analysis'>(
      {
        kind: 'analysis',
        analysis: 'evaluation',
        document: { ...document, method: { ...document.method, networks: there } as ImportedSpec },
        checkpoint: state,
        data: await this.context.datasets.reference(document.data),
        ...{ seed: document.seed, count: networks, split: 'validation', images, options: {} },
      },
      { total: networks },
    )
    const result = (await job.result).result as EvaluationResult
    const { mean, min, max } = result
    return {
      document: { ...document, evaluation: { every: 0, networks, images } },
      state,
      result,
      trial: { networks, images, mean, min, max, interval: accuracyOverImages(result) },
    }
  }

  /** In a data folder of its own first, and from there as a whole. */
  async #keep({ document, state, result, preview }: Settled, name: string | undefined): Promise<Run> {
    const { store } = this.context
    return inStaging(store.dataDir, async (staging) => {
      const staged = openStore(staging)
      try {
        await staged.take(store.dataDir, { datasets: [document.data.id] })
        // Its own folder does not know which ids are taken here.
        const { id } = staged.runs.create(omitUndefined({ id: store.runs.unusedId(), document, name }))
        staged.metrics.append(id, sampledMetrics(step, result, this.context.now()))
        await staged.checkpoints.save(id, state, 'finished')
        const [{ layout }] = preview.readings
        staged.events.add(id, {
          kind: 'state',
          step,
          text: `${plural(preview.networks, 'network')} imported from ${preview.source}, kernels ${layout}`,
        })
        staged.runs.move(id, 'finished', { step, seconds: 0 })
        const { runs } = await store.take(staging, { runs: [id] })
        if (runs.length === 0)
          throw new LabError('conflict', `There is a run ${id} already.`, 'Import them again: the run gets another id.')
        return store.runs.get(id)
      } finally {
        staged.close()
      }
    })
  }
}

function documentOf(
  base: Experiment,
  { networks, source, sha256 }: NetworkFiles,
  layout: KernelLayoutName,
  { modules, accept }: NetworkOptions,
): Experiment {
  const method: ImportedSpec = { kind: 'imported', networks, source, sha256, layout, ...omitUndefined({ modules, accept }) }
  // Of how they were trained nothing is known: what a document must have beside stands as it does by itself.
  const imageBatch = hasStatistics(layOut(base.target)) ? leastBatch : 1
  const training = trainingSchema.parse({ steps: step, learningRate: 1, imageBatch })
  return { ...base, preset: 'imported', method, training }
}

function layoutDoubt(readings: NetworkPreview['readings']): NetworkPreview['doubts'] {
  if (readings.length === 1) return []
  return [
    {
      code: 'layout',
      message: 'The files do not say how the axes of kernels lie, and more than one way fits the target.',
      choices: readings
        .toSorted((a, b) => b.mean - a.mean)
        .map(({ layout, title, ...trial }) => ({ words: `${title}: ${trialInWords(trial)}.`, options: { layout } })),
    },
  ]
}

function modulesDoubt({ doubted, modules }: NetworkFiles): NetworkPreview['doubts'] {
  if (doubted.length === 0) return []
  return [
    {
      code: 'modules',
      message: `Shapes do not tell which of the layers ${listed(doubted)} comes first, and the file keeps no order.`,
      choices: [{ words: `They come in this order: ${listed(modules)}.`, options: { modules } }],
    },
  ]
}

function guessingDoubt({ accuracies }: EvaluationResult, { images }: NetworkTrial, guess: number): NetworkPreview['doubts'] {
  const guessers = accuracies.flatMap((accuracy, i) => (isGuess(accuracy, guess) ? [i] : []))
  if (guessers.length === 0) return []
  const which =
    guessers.length === accuracies.length
      ? accuracies.length === 1
        ? 'The network is'
        : `All ${count(accuracies.length)} networks are`
      : `${plural(guessers.length, 'network')} of ${count(accuracies.length)} (${listed(guessers.slice(0, 8).map(String))}${guessers.length > 8 ? ', ...' : ''}) ${guessers.length === 1 ? 'is' : 'are'}`
  const best = Math.max(...guessers.map((i) => accuracies[i]))
  return [
    {
      code: 'guessing',
      message: `${which} at most ${percentWithin(best, wilson(best, images))} accurate on ${plural(images, 'validation image')}, where always naming one class is ${percent(guess)} accurate: another layout of kernels, another target, another scaling of pixels or another order of classes than they were trained with would do that.`,
      choices: [{ words: 'They are as they should be.', options: { accept: 'guessing' } }],
    },
  ]
}
