/** Analyses: begun, watched, and what they keep beside their results. */
import { analyses, unknownKind } from '../../../analyses/registry.ts'
import type { AnalysisResult, UnknownResult } from '../../../shared/contract/analyses.ts'
import type { Lab } from '../../lab/lab.ts'
import type { StoredResult } from '../../lab/records.ts'
import { Latest } from '../changes.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import type { MethodHandlers, MethodsOf, StreamHandlersOf } from './split.ts'

export function analysisHandlers(lab: Lab): MethodHandlers<MethodsOf<'analyses' | 'results'>> & StreamHandlersOf<'analyses.watch'> {
  const { tasks } = lab
  return {
    'analyses.start': ({ run, ...request }) => lab.start.analyse(run, omitUndefined(request)),
    'analyses.finalTest': ({ run, at }) => lab.start.finalTest(run, at),
    'results.arrays': async ({ run, id }) => {
      const result = lab.analyses.get(run, id)
      const arrays = await lab.analyses.arrays(result)
      return { result: shown(result), arrays: arrays }
    },
    'analyses.watch': ({ task }, listener) => {
      const latest = new Latest<ReturnType<typeof tasks.draft>>()
      latest.set(tasks.draft(task))
      const stop = tasks.subscribe({
        draft: (id, draft) => {
          if (id !== task) return
          latest.set(draft)
          listener.changed()
        },
      })
      return { take: () => latest.take(), close: stop }
    },
  }
}

/** Results of kinds that are known, and in a sentence each those that are not. */
export function showResults(results: readonly StoredResult[]): { results: AnalysisResult[]; unknownResults: UnknownResult[] } {
  const kinds = new Set(analyses.map(({ kind }) => kind))
  return {
    results: results.filter(({ kind }) => kinds.has(kind)).map(shown),
    unknownResults: results
      .filter(({ kind }) => !kinds.has(kind))
      .map(({ id, kind, createdAt }) => ({ id, kind, createdAt, sentence: unknownKind(kind) })),
  }
}

/** Without where its file lies: that is nobody's business outside. */
const shown = ({ file: _file, ...result }: StoredResult): AnalysisResult => result as AnalysisResult // its kind was looked up
