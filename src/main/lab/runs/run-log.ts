/** What a run's log says of things that were found about it. What the store decides (states, checkpoints) it writes down itself. */
import { LabError } from '../../../shared/errors.ts'
import { count, duration, percent, plural } from '../../../shared/wording.ts'
import type { ArtefactRecord, EnsembleRecord, EvaluationRecord, MapRecord, NewRunEvent, Store, StudentRecord } from '../../store/types.ts'

const networks = (n: number): string => plural(n, 'network')

export const lines = {
  evaluation: ({
    step,
    split,
    result: { n, images, mean, min, max },
  }: Pick<EvaluationRecord, 'step' | 'split' | 'result'>): NewRunEvent => ({
    kind: 'evaluation',
    step,
    text: `${networks(n)} on ${count(images)} ${split} images: ${percent(mean)} right on average, ${percent(min)} to ${percent(max)}`,
  }),
  ensemble({ split, result: { n, images, sizes } }: EnsembleRecord): NewRunEvent {
    const largest = sizes.toSorted((a, b) => a.size - b.size).at(-1)
    const reached = largest === undefined ? '' : `: all together ${percent(largest.meanProbability)} right by mean probability`
    return { kind: 'result', text: `Vote of ${networks(n)} on ${count(images)} ${split} images${reached}` }
  },
  student: ({ result: { n, student, ensemble } }: StudentRecord): NewRunEvent => ({
    kind: 'result',
    text: `Student of ${networks(n)}: ${percent(student)} right, the ensemble ${percent(ensemble)}`,
  }),
  map: ({ result: { n, method, seconds } }: MapRecord): NewRunEvent => ({
    kind: 'result',
    text: `Map of ${networks(n)} by ${method === 'tsne' ? 't-SNE' : 'PCA'}, in ${duration(seconds)}`,
  }),
  report: (files: number, formats: readonly string[]): NewRunEvent => ({
    kind: 'result',
    text: `Report (${formats.join(', ')}), ${plural(files, 'file')}`,
  }),
  file: ({ name, checked }: ArtefactRecord): NewRunEvent => ({
    kind: 'result',
    text: `File made: ${name}${checked === null ? '' : ` (checked: ${checked})`}`,
  }),
}

/** Writes down what a job warned of. A warning is not worth the job: where the disk does not take it, it is only shown. */
export function warnOf(store: Store, run: string | null, text: string): void {
  if (run === null) return
  try {
    store.events.add(run, { kind: 'warning', level: 'warn', text })
  } catch (error) {
    if (!(error instanceof LabError)) throw error
  }
}
