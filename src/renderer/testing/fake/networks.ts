/** Asks about networks, and tasks that find something, in the made-up lab. */
import type { ParamsOf } from '../../../shared/contract.ts'
import type { Artefact } from '../../../shared/contract/networks.ts'
import { chosenOnValidation } from '../../../analyses/chosen.ts'
import { findAnalysis } from '../../../analyses/registry.ts'
import { kernelLayouts } from '../../../methods/imported/schema.ts'
import { settleRequest } from '../../../analyses/request.ts'
import type { AnalysisResult } from '../../../shared/contract/analyses.ts'
import type { Run } from '../../../shared/contract/runs.ts'
import type { Task } from '../../../shared/contract/tasks.ts'
import { LabError } from '../../../shared/errors.ts'
import { wilson } from '../../../shared/statistics/intervals.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'
import { fakeDatasets } from './data.ts'
import {
  arraysOf,
  artefactOf,
  benchOf,
  bookmarkOf,
  cardOf,
  checked,
  ensembleOf,
  findResult,
  learned,
  mapOf,
  pointsOf,
  resultsOf,
  studentOf,
} from './results.ts'
import { evaluationOf, filtersOf, findRun, fakeRuns } from './runs.ts'
import { addTask, changeTask, findTask, runTask } from './tasks.ts'

const drafts = new Map<string, ReturnType<typeof mapOf>>()

function allArtefacts(): Artefact[] {
  return [...fakeRuns.values()].flatMap((run) => resultsOf(run).artefacts)
}

function produce(task: Task, run: string, names: readonly string[], howChecked: string | null): Task {
  runTask(task, 3, 'Writing', () => {
    const of = fakeRuns.get(run)
    // Removed meanwhile, it has no place for files.
    if (of === undefined) return []
    return names.map((name) => {
      const made = artefactOf(of, name, 90_000 + name.length * 7919, howChecked)
      resultsOf(of).artefacts.unshift(made)
      return { kind: 'artefact', id: made.id }
    })
  })
  return task
}

/** The result that a made-up analysis comes to. */
function found(
  run: Run,
  { kind, count, networks, split = 'validation', images = 5000, options = {} }: ParamsOf<'analyses.start'>,
): AnalysisResult {
  const { count: settled, options: all } = settleRequest({
    kind,
    options,
    ...(count === undefined ? {} : { count }),
    ...(networks === undefined ? {} : { networks }),
  })
  if (kind === 'map') {
    const others = ((all['with'] ?? []) as string[]).map((one) => findRun(one.replace(/@\d+$/, '')))
    return mapOf(run, all['method'] === 'pca' ? 'pca' : 'tsne', settled, others, all['weights'] === 'aligned' ? 'aligned' : 'raw')
  }
  if (kind === 'ensemble') return ensembleOf(run, settled, split, images, networks ?? null)
  if (kind === 'distillation') return studentOf(run, settled, split, images, networks ?? null, Number(all['steps']))
  if (kind === 'distillation-bench') return benchOf(run, settled, split, images, options)
  return evaluationOf(run, settled, split, images)
}

function analyse(request: ParamsOf<'analyses.start'>): Task {
  const run = findRun(request.run)
  const made = found(run, request)
  const analysis = findAnalysis(request.kind)!
  const task = addTask({ kind: analysis.command, title: analysis.words.task(`${made.count} networks`, run.name), run: run.id })
  if (made.kind === 'map') drafts.set(task.id, made)
  if (made.kind === 'distillation') {
    const timer = setInterval(() => {
      const { state, done, total } = findTask(task.id)
      if (state !== 'running' && state !== 'queued') clearInterval(timer)
      else if (total > 0) changeTask(task, { values: learned(done / total) })
    }, 300)
  }
  runTask(task, made.kind === 'map' && made.result.method === 'pca' ? 2 : 7, analysis.words.stage, () => {
    resultsOf(run).found.push({ ...made, createdAt: Date.now() })
    return [{ kind: made.kind, id: String(made.id) }]
  })
  return task
}

export function fakeNetworks(): { answers: FakeMethods; sources: FakeStreams } {
  const answers: FakeMethods = {
    'results.arrays': ({ run, id }) => {
      const result = findResult(findRun(run), id)
      return { result, arrays: arraysOf(result) }
    },
    'analyses.start': analyse,
    'analyses.finalTest': ({ run: id }) => {
      const run = findRun(id)
      const task = addTask({ kind: 'final-test', title: `Final test evaluation of ${run.name}`, run: run.id })
      runTask(task, 4, 'On all test images', () => {
        const made = chosenOnValidation(resultsOf(run).found).map(({ kind, count, options }) => ({
          ...found(run, { run: id, kind, count, options, split: 'test', images: 10_000 }),
          createdAt: Date.now(),
        }))
        resultsOf(run).found.push(...made)
        return made.map((one) => ({ kind: one.kind, id: String(one.id) }))
      })
      return task
    },
    'networks.import': ({ options }) => ({
      preview: {
        ...{ networks: 4, weights: 20_018, source: 'population.safetensors', modules: ['conv1', 'conv2', 'fc1', 'fc2'], notes: [] },
        readings: (['pytorch', 'pytorch-channels-last'] as const).map((layout, at) => ({
          ...{ layout, title: kernelLayouts[layout].title, networks: 4, images: 1000 },
          ...{ mean: at === 0 ? 0.732 : 0.099, min: 0.09, max: 0.804, interval: wilson(at === 0 ? 0.732 : 0.099, 1000) },
        })),
        doubts:
          options.layout === undefined
            ? [
                {
                  code: 'layout' as const,
                  message: 'The axes of kernels may lie in more than one way.',
                  choices: (['pytorch', 'pytorch-channels-last'] as const).map((layout) => ({
                    words: kernelLayouts[layout].title,
                    options: { layout },
                  })),
                },
              ]
            : [],
      },
      run: options.layout === undefined ? null : [...fakeRuns.keys()][0],
    }),
    'networks.card': ({ run: id, index, images = 10_000 }) => {
      const run = findRun(id)
      const filters = { ...filtersOf(run, run.step), networks: 1 }
      return cardOf(run, index, images, filters, fakeDatasets.find(({ hash }) => hash === run.dataset)?.classNames ?? [])
    },
    'networks.filters': ({ run }) => ({ ...filtersOf(findRun(run), findRun(run).step), networks: 1 }),
    'networks.predict': ({ run, index, count }) => ({
      ...{ run, step: findRun(run).step, seed: 7, index, count, classNames: ['0', '1', '2'] },
      ...{ network: [0.1, 0.7, 0.2], ensemble: [0.05, 0.9, 0.05] },
      ...{
        height: 28,
        width: 28,
        channels: 1,
        pixels: Uint8Array.from({ length: 784 }, (_, at) => (at % 28 > 12 && at % 28 < 16 ? 255 : 0)),
      },
    }),
    'networks.bookmarks': ({ run }) => resultsOf(findRun(run)).bookmarks,
    'networks.bookmark': ({ run, index, label }) => {
      const made = bookmarkOf(findRun(run), index, label, 0.9761)
      resultsOf(findRun(run)).bookmarks.push(made)
      return made
    },
    'networks.removeBookmark': ({ id }) => {
      for (const run of fakeRuns.values()) {
        const results = resultsOf(run)
        results.bookmarks = results.bookmarks.filter((one) => one.id !== id)
      }
      return {}
    },
    'reports.preview': ({ run }) => ({ html: page(findRun(run).name) }),
    'reports.start': ({ run, formats }) => {
      const task = addTask({
        kind: 'report',
        title: `Report on ${findRun(run).name}`,
        run,
        command: `npm run lab -- report ${run} --format ${formats.join(',')}`,
      })
      const ending = { html: '.html', pdf: '.pdf', md: '-md.zip', figures: '-figures.zip' }
      return produce(
        task,
        run,
        formats.map((format) => `report-${run}${ending[format]}`),
        null,
      )
    },
    'runs.export': ({ id }) =>
      produce(addTask({ kind: 'export', title: `Export ${id} for another lab`, run: id }), id, [`${id}.weightscape`], null),
    'exports.start': ({ run, what, format }) => {
      const which = typeof what === 'object' && 'network' in what ? `network-${what.network}` : 'student'
      const task = addTask({ kind: 'export', title: `Export ${which} of ${run}`, run })
      if (which === 'student' && !resultsOf(findRun(run)).found.some(({ kind }) => kind === 'distillation')) {
        const error = { code: 'not-found' as const, message: `${run} has no student yet.`, remedy: `Distil one first: distil ${run}` }
        setTimeout(() => changeTask(task, { state: 'failed', error, endedAt: Date.now() }), 400)
        return task
      }
      return produce(task, run, [`${run}-${which}${format === 'tfjs' ? '-tfjs.zip' : `.${format}`}`], checked)
    },
    'samples.start': ({ run, count, format }) =>
      produce(
        addTask({ kind: 'sample', title: `Sample ${count} networks of ${run}`, run }),
        run,
        [`${run}-${count}-networks.${format}`],
        null,
      ),
    'artefacts.list': ({ run }) => (run === undefined ? allArtefacts() : resultsOf(findRun(run)).artefacts),
    'artefacts.remove': ({ id }) => {
      for (const run of fakeRuns.values()) {
        const results = resultsOf(run)
        results.artefacts = results.artefacts.filter((one) => one.id !== id)
      }
      return {}
    },
  }
  const sources: FakeStreams = {
    'analyses.watch': ({ task }, send) => {
      const map = drafts.get(task)
      if (map === undefined) throw new LabError('not-found', `There is no task ${task}.`, 'It may have ended long ago.')
      const timer = setInterval(() => {
        const { done, total } = findTask(task)
        if (total === 0 || map.result.method === 'pca') return
        const { coordinates } = pointsOf(map, done / total)
        send({ done: Math.round((1000 * done) / total), total: 1000, arrays: { coordinates } })
      }, 100)
      return () => clearInterval(timer)
    },
  }
  return { answers, sources }
}

/** A page as the lab writes it: styles and pictures within, no scripts. */
function page(name: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title><style>
body { max-width: 46rem; margin: 2rem auto; padding: 0 1.5rem; color: #1d2429; font: 15px/1.55 Georgia, serif; background: #fff }
h1 { font-size: 1.7rem } h2 { margin-top: 2rem; font-size: 1.15rem } .lead { color: #5a6670 }
table { border-collapse: collapse } td, th { padding: .3rem .9rem; border-bottom: 1px solid #dde3e6; text-align: left }
</style></head><body><h1>${name}</h1><p class="lead">A made-up report.</p><h2>Results</h2>
<table><tr><th>What</th><th>Accuracy</th></tr><tr><td>Mean network</td><td>0.976</td></tr><tr><td style="color: #0a6c67">Ensemble of 100</td><td>0.986</td></tr></table>
<h2>Accuracy against size</h2><svg width="420" height="160" viewBox="0 0 420 160" role="img" aria-label="A curve"><style>.curve { fill: none; stroke: #0a6ca8; stroke-width: 2 }</style>
<path class="curve" d="M10 150C60 40 160 24 410 16"/></svg>
<p>${'The hypernetwork was trained as described by its document. '.repeat(30)}</p></body></html>`
}
