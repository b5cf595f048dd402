/** Made-up runs in every state there is, and one that trains while one looks. */
import type { ParamsOf, ResultOf } from '../../../shared/contract.ts'
import type { Filters, Run, RunDetails, RunSummary } from '../../../shared/contract/runs.ts'
import { methodOf } from '../../../methods/registry.ts'
import { arithmeticOf } from '../../../shared/arithmetic.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { Split } from '../../../shared/split.ts'
import { experimentSchema } from '../../../shared/experiment.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { LabError } from '../../../shared/errors.ts'
import { unpairedInterval, wilson } from '../../../shared/statistics/intervals.ts'
import { surelyBest } from '../../../shared/statistics/ranks.ts'
import { presetCards, presets } from '../../../shared/presets.ts'
import { settleSplit } from '../../../shared/split-request.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'
import { evaluationAt, metricNames, sampledNames, series } from './curves.ts'
import { fakeDatasets } from './data.ts'
import { logOf } from './log.ts'
import { random } from './random.ts'
import { resultsOf, sampledFrom } from './results.ts'
import { putInTrash, takeFromTrash } from './trash.ts'

const minute = 60_000
const lambdaOf = ({ document }: Run): number => methodOf(document.method).facts(document.method)[0]?.value ?? 0
export const fakeRuns = new Map<string, Run>()

function make(id: string, part: Partial<Run>, change: (document: (typeof presets)['mnist-quick']) => void = () => undefined): Run {
  const document = structuredClone(presets['mnist-quick'])
  document.data.id = fakeDatasets[0].hash
  document.training.steps = 7000
  change(document)
  const run: Run = {
    id,
    name: id,
    state: 'finished',
    step: document.training.steps,
    steps: document.training.steps,
    preset: document.preset,
    dataset: document.data.id,
    parent: null,
    seed: document.seed,
    family: null,
    tags: [],
    note: '',
    createdAt: Date.now() - 300 * minute,
    startedAt: Date.now() - 299 * minute,
    updatedAt: Date.now() - 200 * minute,
    endedAt: Date.now() - 200 * minute,
    seconds: 1240,
    accuracy: 0.957,
    tested: { networks: 20, images: 1000 },
    error: null,
    document,
    documentHash: 'a3f9c2'.repeat(10),
    machine: { cpu: 'AMD EPYC 9554 64-Core Processor', cores: 2, memoryBytes: 16.7e9, platform: 'linux x64' },
    versions: { weightscape: '0.1.0', node: '24.21.0', tensorflow: '2.16.1' },
    farmProcesses: 2,
    ...part,
  }
  fakeRuns.set(id, run)
  return run
}

make('calm-otter', {
  state: 'training',
  step: 2140,
  endedAt: null,
  createdAt: Date.now() - 7 * minute,
  startedAt: Date.now() - 7 * minute,
  seconds: 366,
  tags: ['baseline'],
})
make(
  'brisk-heron',
  { state: 'queued', step: 0, startedAt: null, endedAt: null, seconds: 0, createdAt: Date.now() - 4 * minute },
  (document) => (document.method.lambda = 3000),
)
make('quiet-lynx', { tags: ['frontier', 'paper'], note: 'Reference for figure 3.' }, (document) => (document.method.lambda = 300))
make('amber-finch', { tags: ['frontier'], createdAt: Date.now() - 420 * minute }, (document) => (document.method.lambda = 100))
make(
  'vivid-stoat',
  { tags: ['frontier'], createdAt: Date.now() - 500 * minute, parent: { run: 'quiet-lynx', step: 3500 } },
  (document) => (document.method.lambda = 10000),
)
make('sunny-ibis', {
  state: 'interrupted',
  step: 4250,
  endedAt: null,
  createdAt: Date.now() - 1600 * minute,
  error: {
    code: 'engine-lost',
    message: 'The engine process ended while step 4,251 was under way (signal 9).',
    remedy: 'Nothing stored is lost: Resume goes on from step 4,250.',
  },
})
make(
  'pale-marten',
  {
    state: 'failed',
    step: 812,
    createdAt: Date.now() - 2900 * minute,
    error: {
      code: 'diverged',
      message: 'The loss is not finite at step 812: cross-entropy NaN, entropy -Infinity.',
      remedy: 'The last finite checkpoint, step 800, is kept. Fork from it with a smaller learning rate.',
    },
  },
  (document) => (document.training.learningRate = 0.03),
)
make(
  'mild-kestrel',
  { state: 'paused', step: 3100, endedAt: null, createdAt: Date.now() - 4000 * minute, preset: 'mnist-paper', tags: ['leaves'] },
  (document) => ((document.data.id = fakeDatasets[2].hash), (document.preset = 'mnist-paper')),
)

/** Many more, for lists of the size that years bring. */
export function addManyRuns(count: number): void {
  const next = random(5)
  for (let index = 0; index < count; index++) {
    const lambda = [10, 100, 1000, 10_000][index % 4]
    make(
      `run-${String(index).padStart(5, '0')}`,
      {
        createdAt: Date.now() - (6000 + index * 3) * minute,
        tags: next() < 0.2 ? ['sweep'] : [],
        state: next() < 0.9 ? 'finished' : 'stopped',
      },
      (document) => (document.method.lambda = lambda),
    )
  }
}

export function summaryOf(run: Run): RunSummary {
  const { document: _document, documentHash: _hash, machine: _machine, versions: _versions, farmProcesses: _farm, ...summary } = run
  return summary
}

export function findRun(id: string): Run {
  const run = fakeRuns.get(id)
  if (run === undefined) throw new LabError('not-found', `There is no run ${id}.`, 'Look at the list of runs.')
  return run
}

export const seedOf = (id: string): number => Array.from(id).reduce((sum, letter) => sum * 17 + letter.charCodeAt(0), 1) % 100_000

const watching = new Set<(item: { changed: RunSummary[]; removed: string[] }) => void>()
export const sendRuns = (changed: Run[], removed: string[] = []) =>
  watching.forEach((send) => send({ changed: changed.map(summaryOf), removed }))

function detailsOf(run: Run): RunDetails {
  const every = 250
  const newest = Math.floor(run.step / every)
  const checkpoints = Array.from({ length: Math.min(newest, 6) }, (_, index) => ({
    step: (newest - index) * every,
    hash: (index === 0 ? '' : `${seedOf(run.id).toString(16)}${index}`).padEnd(64, 'c'),
    reason: index === 0 && run.state === 'finished' ? ('finished' as const) : ('periodic' as const),
    pinned: index === 3,
    damaged: index === 4,
    bytes: 11_240_000,
    createdAt: Date.now() - index * 43_000,
  }))
  const finished = run.state === 'finished'
  const final = finished ? [evaluationOf(run, 1000, 'validation', 5000)] : []
  return {
    run,
    checkpoints,
    results: [...final, ...resultsOf(run).found],
    unknownResults: [],
    reports: [],
    commands: [
      `npm run lab -- train --preset ${run.preset} --set training.steps=${run.steps}`,
      `npm run lab -- evaluate ${run.id} -n 1000 --images all`,
    ],
  }
}

export function evaluationOf(run: Run, n: number, split: Split, images: number): AnalysisResult<'evaluation'> {
  const result = evaluationAt(run.step, n, seedOf(run.id), lambdaOf(run))
  return {
    ...sampledFrom(run, n),
    kind: 'evaluation',
    split,
    images,
    options: {},
    result: { ...result, images, split },
    createdAt: Date.now(),
  }
}

export function filtersOf(run: Run, step: number): Filters {
  const networks = 4
  const kernel = 5
  const filters = 32
  const values = new Float32Array(networks * filters * kernel * kernel)
  const learned = 1 - Math.exp(-step / 600)
  for (let at = 0; at < values.length; at++) {
    const filter = Math.floor(at / 25) % 32
    const network = Math.floor(at / (25 * 32))
    const angle = filter * 0.7 + network * 0.35
    const wave = Math.sin(((at % 5) * Math.cos(angle) + (Math.floor(at / 5) % 5) * Math.sin(angle)) * 1.4 + seedOf(run.id))
    values[at] = learned * wave + (1 - learned) * (random(at + step)() - 0.5)
  }
  return { step, networks, kernel, channels: 1, filters, values }
}

function fakePlan({
  from,
  settings = [],
  data,
  split,
}: Pick<ParamsOf<'experiments.plan'>, 'from' | 'settings' | 'data' | 'split'>): ResultOf<'experiments.plan'> {
  const name = typeof from === 'string' ? from : 'mnist-quick'
  if (!Object.hasOwn(presets, name))
    throw new LabError('invalid-argument', `There is no preset ${name}.`, 'Choose mnist-quick or mnist-paper.')
  const preset = presets[name]
  const draft = structuredClone(typeof from === 'string' ? preset : (from.document as Experiment))
  const dataset = fakeDatasets.find(({ hash, name: called }) => hash === data || called === data) ?? fakeDatasets[0]
  draft.data = { id: dataset.hash, split: dataset.suggestedSplit }
  if (split !== undefined) Object.assign(draft.data, settleSplit(split, { ...dataset, split: dataset.suggestedSplit }, draft.data))
  const differs: ResultOf<'experiments.plan'>['differs'] = []
  for (const { key, value } of settings) {
    const path = key.split('.')
    const last = path.pop() ?? ''
    const parent = path.reduce<Record<string, unknown>>((inner, part) => inner[part] as Record<string, unknown>, draft)
    const before = parent[last]
    parent[last] = value
    if (JSON.stringify(before) !== JSON.stringify(value)) differs.push({ key, value: value, preset: before as number })
  }
  const checked = experimentSchema.safeParse(draft)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new LabError('invalid-argument', `${issue.path.join('.')}: ${issue.message}.`, 'Change it, then go on.')
  }
  const document = checked.data
  const stepSeconds = 0.0026 * arithmeticOf(document).networks * (1 + document.training.imageBatch / 32)
  return {
    document,
    differs,
    estimate: {
      stepSeconds,
      seconds: stepSeconds * document.training.steps,
      memoryBytes: 1.3e9,
      diskBytes: 78e6,
      basis: 'The median step of calm-otter, which has the same sizes, on this machine.',
    },
    command: `npm run lab -- train --preset ${name} --data ${dataset.name}${differs.map(({ key, value }) => ` --set ${key}=${JSON.stringify(value)}`).join('')}`,
    doubts: [],
    notes: [],
    weights: 20_018,
  }
}

export function fakeRunHandlers(): { answers: FakeMethods; sources: FakeStreams } {
  const removed = new Map<string, Run>()
  const change = (run: Run, part: Partial<Run>): Run => {
    const changed = { ...run, ...part, updatedAt: Date.now() }
    fakeRuns.set(run.id, changed)
    sendRuns([changed])
    return changed
  }
  const answers: FakeMethods = {
    'presets.list': () => [...presetCards],
    'experiments.plan': fakePlan,
    'runs.list': ({ limit = 1000, before }) => {
      const all = [...fakeRuns.values()].map(summaryOf).sort((a, b) => b.createdAt - a.createdAt)
      const begin = before === undefined ? 0 : all.findIndex(({ id }) => id === before) + 1
      return all.slice(begin, begin + limit)
    },
    'runs.get': ({ id }) => detailsOf(findRun(id)),
    'runs.create': ({ name, tags, ...beginning }) => {
      const { document } = fakePlan(beginning)
      const run = make(`new-${fakeRuns.size}`, {
        state: 'queued',
        step: 0,
        startedAt: null,
        endedAt: null,
        seconds: 0,
        createdAt: Date.now(),
        document,
        steps: document.training.steps,
        dataset: document.data.id,
        tags: tags ?? [],
        preset: document.preset,
      })
      if (name !== undefined) run.name = name
      sendRuns([run])
      return run
    },
    'runs.pause': ({ id }) => (change(findRun(id), { state: 'paused' }), {}),
    'runs.stop': ({ id }) => (change(findRun(id), { state: 'stopped', endedAt: Date.now() }), {}),
    'runs.fork': ({ id, at, name }) => {
      const parent = findRun(id)
      const run = make(`fork-${fakeRuns.size}`, {
        state: 'queued',
        step: at ?? parent.step,
        endedAt: null,
        parent: { run: id, step: at ?? parent.step },
        createdAt: Date.now(),
      })
      if (name !== undefined) run.name = name
      sendRuns([run])
      return run
    },
    'runs.edit': ({ id, name, note, tags }) =>
      summaryOf(
        change(findRun(id), {
          ...(name === undefined ? {} : { name }),
          ...(note === undefined ? {} : { note }),
          ...(tags === undefined ? {} : { tags }),
        }),
      ),
    'runs.remove': ({ ids }) => {
      for (const id of ids) {
        removed.set(id, findRun(id))
        putInTrash({ kind: 'run', id, name: findRun(id).name, bytes: 58e6 })
        fakeRuns.delete(id)
      }
      sendRuns([], ids)
      return {}
    },
    'runs.restore': ({ ids }) => {
      const back = ids.flatMap((id) => removed.get(id) ?? [])
      takeFromTrash(ids)
      for (const run of back) fakeRuns.set(run.id, run)
      sendRuns(back)
      return {}
    },
    'runs.import': () => ({ runs: [], there: [...fakeRuns.keys()].slice(0, 1), studies: [], studiesThere: [] }),
    'runs.compare': ({ ids }) => {
      const runs = ids.map(findRun)
      const keys = ['method.lambda', 'training.learningRate', 'preset'] as const
      const read = (run: Run, key: (typeof keys)[number]) =>
        key === 'preset' ? run.preset : key === 'method.lambda' ? lambdaOf(run) : run.document.training.learningRate
      const columns = [
        { analysis: 'Evaluation', label: 'Mean network', unit: 'share', best: 'highest' },
        { analysis: 'Evaluation', label: 'Best network', unit: 'share', best: 'highest' },
        { analysis: 'Evaluation', label: 'Loss', unit: 'nats', best: 'lowest' },
        { analysis: 'Evaluation', label: 'Entropy', unit: 'nats', best: 'highest' },
        { analysis: 'Ensemble', label: 'Ensemble', unit: 'share', best: 'highest' },
        { analysis: 'Ensemble', label: 'Vote: majority', unit: 'share', best: 'highest' },
        { analysis: 'Student', label: 'Student', unit: 'share', best: 'highest' },
      ] as const
      const figures = runs.map((run) => {
        const result = evaluationAt(run.step, 200, seedOf(run.id), lambdaOf(run))
        const values = [
          ...[result.mean, result.max, result.loss, result.entropy].map((value) => (run.step > 100 ? value : null)),
          ...[0.006, 0.007, 0.004].map((gain) => (run.state === 'finished' ? Math.min(result.mean + gain, 1) : null)),
        ]
        return values.map((value, at) => {
          if (value === null) return null
          const isLoss = columns[at].label === 'Loss'
          return {
            value,
            interval: columns[at].unit === 'share' ? wilson(value, 5000) : isLoss ? { low: 0.96 * value, high: 1.04 * value } : null,
          }
        })
      })
      return {
        repeats: [],
        settings: keys.map((key) => ({ key, values: runs.map((run) => read(run, key)) })).filter(({ values }) => new Set(values).size > 1),
        columns: columns.map((column, at) => {
          const known = figures.flatMap((row, place) => (row[at] === null ? [] : [{ ...row[at], place }]))
          const surely = surelyBest(known.length, (one, other) => unpairedInterval(known[one], known[other]), column.best)
          return { ...column, surely: surely === null ? null : known[surely].place }
        }),
        results: runs.map((run, row) => {
          const result = evaluationAt(run.step, 200, seedOf(run.id), lambdaOf(run))
          return {
            run: run.id,
            name: run.name,
            facts: methodOf(run.document.method).facts(run.document.method),
            step: run.step,
            seconds: run.seconds,
            mean: run.step > 100 ? result.mean : null,
            entropy: run.step > 100 ? result.entropy : null,
            values: figures[row].map((figure) => {
              if (figure === null) return null
              return { ...figure, why: '[no interval: one estimate]', note: '200 networks on 5,000 validation images' }
            }),
          }
        }),
      }
    },
    'checkpoints.pin': ({ run, step, pinned }) => {
      const checkpoint = detailsOf(findRun(run)).checkpoints.find((candidate) => candidate.step === step)
      if (checkpoint === undefined) throw new LabError('not-found', `There is no checkpoint at step ${step}.`, 'Choose one of the list.')
      return { ...checkpoint, pinned }
    },
    'metrics.names': () => [...metricNames, ...sampledNames],
    'metrics.read': ({ run: id, names, from = 1, to, maxPoints = 2000 }) => {
      const run = findRun(id)
      return names.map((name) => series(name, Math.max(from, 1), Math.min(to ?? run.step, run.step), maxPoints, seedOf(id), lambdaOf(run)))
    },
    'events.list': ({ run, before }) => (before === undefined ? logOf(findRun(run)) : []),
    'filters.read': ({ run, at }) => filtersOf(findRun(run), at ?? findRun(run).step),
  }
  const every = (milliseconds: number, doing: () => void) => {
    const timer = setInterval(doing, milliseconds)
    return () => clearInterval(timer)
  }
  const sources: FakeStreams = {
    'runs.watch': (_params, send) => {
      watching.add(send)
      return () => watching.delete(send)
    },
    'metrics.watch': ({ run: id, names = metricNames, from }, send) => {
      let last = from ?? findRun(id).step
      return every(250, () => {
        const run = fakeRuns.get(id)
        if (run === undefined || run.step <= last) return
        send({ series: names.map((name) => series(name, last + 1, run.step, 1000, seedOf(id), lambdaOf(run))), gap: false })
        last = run.step
      })
    },
    'filters.watch': ({ run: id }, send) => {
      send(filtersOf(findRun(id), findRun(id).step))
      return every(2000, () => fakeRuns.get(id)?.state === 'training' && send(filtersOf(findRun(id), findRun(id).step)))
    },
  }
  return { answers, sources }
}
