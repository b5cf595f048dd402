/** Runs: listed, made, trained, watched, compared. */
import type { RunDetails } from '../../../shared/contract/runs.ts'
import type { Lab } from '../../lab/lab.ts'
import { presetCards } from '../../../shared/presets.ts'
import type { CheckpointRecord } from '../../lab/records.ts'
import { showResults } from './analyses.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'
import { watchRecords } from './watching.ts'

export function runHandlers(
  lab: Lab,
): MethodHandlers<MethodsOf<'runs'> | 'presets.list' | 'experiments.plan' | 'checkpoints.pin'> & StreamHandlersOf<'runs.watch'> {
  return {
    'presets.list': () => [...presetCards],
    'experiments.plan': (params) => lab.planning.plan(omitUndefined(params)),
    'runs.list': ({ limit, before }) => lab.runs.page(limit, before),
    'runs.get': ({ id }) => detailsOf(lab, id),
    'runs.create': async ({ start, ...request }) => {
      const run = await lab.runs.create(omitUndefined(request))
      if (start) lab.start.train(run.id)
      return lab.runs.get(run.id)
    },
    'runs.repeat': async ({ start, seeds, ...request }) => {
      const made = await lab.repeats.make(omitUndefined(request), seeds)
      const waiting = new Set(lab.jobs.list().map(({ run }) => run))
      for (const { run } of made) if (start && lab.repeats.isOpen(run) && !waiting.has(run.id)) lab.start.train(run.id)
      return made.toSorted((a, b) => a.seed - b.seed).map(({ run }) => lab.store.runs.summary(run.id) ?? run)
    },
    'runs.start': ({ id }) => lab.start.train(id),
    'runs.pause': ({ id }) => lab.runs.pause(id),
    'runs.stop': ({ id }) => lab.runs.stop(id),
    'runs.fork': async ({ id, start, ...request }) => {
      const run = await lab.runs.fork(id, omitUndefined(request))
      if (start) lab.start.train(run.id)
      return lab.runs.get(run.id)
    },
    'runs.export': ({ id }) => lab.start.exportRun(id),
    'runs.import': ({ import: id }) => lab.moving.import(lab.imports.onlyFile(id)),
    'runs.edit': ({ id, ...fields }) => lab.runs.edit(id, omitUndefined(fields)),
    'runs.remove': ({ ids }) => lab.runs.remove(ids),
    'runs.restore': ({ ids }) => lab.runs.restore(ids),
    'runs.compare': ({ ids }) => lab.comparison.compare(ids),
    'checkpoints.pin': ({ run, step, pinned }) => shown(lab.runs.pinCheckpoint(run, step, pinned)),
    'runs.watch': (_params, listener) => watchRecords(lab.store, 'run', (id) => lab.store.runs.summary(id), listener),
  }
}

function detailsOf(lab: Lab, id: string): RunDetails {
  const { run, checkpoints, results, reports, commands } = lab.runs.details(id)
  return {
    run,
    checkpoints: checkpoints.map(shown),
    ...showResults(results),
    reports,
    commands,
  }
}

function shown({ path: _path, run: _run, ...checkpoint }: CheckpointRecord): Omit<CheckpointRecord, 'path' | 'run'> {
  return checkpoint
}
