/** Everything that a report says, gathered from the store. */
import manifest from '../../../../package.json' with { type: 'json' }
import type { EvaluationResult } from '../../../analyses/evaluation/definition.ts'
import { looksAtTest } from '../../../analyses/chosen.ts'
import { findAnalysis, ofKind } from '../../../analyses/registry.ts'
import { plural } from '../../../shared/wording.ts'
import { networksInWords } from '../../../analyses/networks-in-words.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Repeats } from '../../../shared/contract/runs.ts'
import type { Store } from '../../store/open-store.ts'
import type { DatasetRecord, Run, RunSummary, StoredResult } from '../../store/types.ts'
import { hasLocalPictures } from '../../../shared/filter-pictures.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { metricNames } from '../../report/input.ts'
import type { FilterSet, MetricSeries, ReportInput, ReportResult } from '../../report/input.ts'
import { sampleOfEachClass, sampleSeed } from '../imports/pictures.ts'
import { firstLayer } from '../results/filters.ts'
import { describeMachine } from '../runs/machine.ts'
import type { LabContext } from '../context/lab-context.ts'
import { resultsOfCheckpoint } from '../runs/checkpoint-results.ts'

/** Points a drawn curve has at most: more cannot be told apart on a page. */
const curvePoints = 2000

/** Images that are shown of each class. */
const shownOfEach = 6

/** Networks whose first-layer filters are shown. */
export const shownNetworks = 6

/** Results of one checkpoint: the newest of each kind, the evaluation of most networks. */
export interface ReportSources {
  run: Run
  checkpoint: { step: number; hash: string }
  /** Flat weights of the first {@link shownNetworks} networks of the run's seed; empty: none are shown. */
  shown: Float32Array
  commands: string[]
  /** The run and its repeats, in order of seed; empty: it has none. */
  repeats: readonly RunSummary[]
  /** @see RepeatService.found */
  found: (members: readonly RunSummary[], shown: readonly StoredResult[]) => Repeats
}

/** Fills a report's input; context that were not made yet are left out. */
export async function gatherReport(
  context: LabContext,
  { run, checkpoint, shown, commands, repeats, found: overSeeds }: ReportSources,
): Promise<ReportInput> {
  const { store } = context
  const { document } = run
  const dataset = store.datasets.get(document.data.id)
  const { shown: found, all } = resultsOfCheckpoint(store, run.id, checkpoint.hash)
  const timings = [{ stage: 'Training', seconds: run.seconds, note: plural(run.step, 'step') }]
  const seeds: Record<string, number> = { training: document.seed }
  for (const { kind, seed, count, networks, split, images, result } of all) {
    const analysis = findAnalysis(kind)
    if (analysis === undefined) continue
    if ('seconds' in result)
      timings.push({
        stage: analysis.title,
        seconds: Number(result.seconds),
        note: `${networksInWords(count, networks)}${split === null || images === null ? '' : ` on ${plural(images, `${split} image`)}`}`,
      })
    if (seed !== null) seeds[kind] = seed
  }
  const evaluation = ofKind(found, 'evaluation').at(0)

  return {
    run: {
      id: run.id,
      name: run.name,
      created: run.createdAt,
      seconds: run.seconds,
      state: run.state,
      step: checkpoint.step,
      interruptions: interruptionsOf(context, run.id),
    },
    document,
    preset: presets[document.preset] ?? null,
    data: {
      name: dataset.name,
      hash: dataset.hash,
      shape: [dataset.height, dataset.width, dataset.channels],
      source: dataset.source,
      classes: dataset.classNames,
      samples: await samplesOf(store, dataset, document),
    },
    metrics: readMetrics(context, run.id),
    ...(await readResults(context, found)),
    ...(repeats.length === 0 ? {} : { overSeeds: { ...overSeeds(repeats, found), curves: repeats.map(({ id }) => curveOf(context, id)) } }),
    all: all.map(({ file: _file, ...one }) => one),
    looks: looksAtTest(store.results.list(run.id, { during: false })),
    ...filtersOf(document, shown, evaluation?.seed === document.seed ? evaluation.result : undefined),
    timings,
    environment: describeEnvironment(run, context.farmProcesses),
    reproduce: { commands, checkpoint: checkpoint.hash, seeds },
    made: context.now(),
  }
}

/** With what is stored beside them; of what is damaged the report says so, and goes on. */
async function readResults({ store }: LabContext, found: readonly StoredResult[]): Promise<Pick<ReportInput, 'results' | 'damaged'>> {
  const [results, damaged]: [ReportResult[], NonNullable<ReportInput['damaged']>] = [[], []]
  for (const result of found) {
    const { file: _file, ...one } = result
    try {
      results.push({ ...one, arrays: await store.results.arrays(result) })
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'corrupt') throw error
      damaged.push({ kind: one.kind, message: error.message })
    }
  }
  return damaged.length === 0 ? { results } : { results, damaged }
}

/** Of images that are gone or damaged the report says so, and goes on. */
async function samplesOf(store: Store, dataset: DatasetRecord, { data }: Experiment): Promise<NonNullable<ReportInput['data']['samples']>> {
  try {
    return { seed: sampleSeed, ...(await sampleOfEachClass(store, dataset, data, { split: 'train', perClass: shownOfEach })) }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { lost: error.message }
  }
}

/** When training ended other than it should. */
const interruptionsOf = ({ store }: LabContext, run: string): ReportInput['run']['interruptions'] =>
  store.events
    .list(run, { limit: Number.MAX_SAFE_INTEGER })
    .filter(({ kind, level }) => kind === 'state' && level !== 'info')
    .map(({ at, step, text }) => ({ at, step, text }))

/** The engine's series under the names the charts know, and the rest under their own. */
function readMetrics({ store }: LabContext, run: string): MetricSeries[] {
  const read = (name: string, factor = 1) => {
    const { steps, values } = store.metrics.curve(run, name, { maxPoints: curvePoints })
    return Array.from(steps, (step, i) => ({ step, value: values[i] * factor }))
  }
  const series = store.metrics.names(run).map((name) => {
    if (name === 'nearestDistance') return { name: metricNames.nearest, points: read(name) }
    if (name === 'stepMilliseconds') return { name: metricNames.stepSeconds, points: read(name, 1e-3) }
    return { name, points: read(name) }
  })
  const accuracy = ofKind(store.results.list(run, { kind: 'evaluation', during: true }), 'evaluation').map(({ step, result }) => ({
    step,
    value: result.mean,
    low: result.min,
    high: result.max,
  }))
  return accuracy.length === 0 ? series : [...series, { name: metricNames.accuracy, points: accuracy }]
}

/** Mean accuracy of the networks that are tried while a run trains. */
function curveOf({ store }: LabContext, run: string): { steps: number[]; values: number[] } {
  const { steps, values } = store.metrics.curve(run, 'sampled.mean', { maxPoints: curvePoints })
  return { steps: [...steps], values: [...values] }
}

function filtersOf(document: Experiment, shown: Float32Array, tested: EvaluationResult | undefined): { filters?: FilterSet } {
  if (!hasLocalPictures(layOut(document.target)) || shown.length === 0) return {}
  const { kernel, channels, filters, networks: count, values: weights } = firstLayer(document.target, shown, 0)
  const networks = Array.from({ length: count }, (_, index) => ({ index, ...omitUndefined({ accuracy: tested?.accuracies.at(index) }) }))
  const on = tested === undefined ? {} : { on: { images: tested.images, split: tested.split } }
  return { filters: { kernel, channels, filters, networks, ...on, weights } }
}

function describeEnvironment(run: Run, farmProcesses: number): ReportInput['environment'] {
  const facts = { ...describeMachine(), ...run.machine }
  return {
    machine: String(facts.machine),
    cpu: String(facts.cpu),
    cores: Number(facts.cores),
    memoryBytes: Number(facts.memoryBytes),
    os: String(facts.os),
    ...(facts.device === undefined ? {} : { device: String(facts.device), networks: String(facts.networks) }),
    versions: { weightscape: manifest.version, node: String(facts.node), ...run.versions },
    farmProcesses: run.farmProcesses ?? farmProcesses,
  }
}
