/** Options that name other runs of the lab, whose networks are laid beside those of the run. */
import { LabError } from '../shared/errors.ts'
import type { Experiment } from '../shared/experiment.ts'
import { layOut } from '../shared/target-layout.ts'
import type { OptionFacts } from './option-facts.ts'

/** Together with the run's own: as many as there are colours to tell runs apart by. */
export const mostOtherRuns = 7

/** The option of an analysis that does; undefined: none does. */
export const otherRunsOption = (facts: readonly OptionFacts[]): OptionFacts | undefined => facts.find(({ type }) => type === 'runs')

/** A run as an option names it, and the step of its checkpoint where that is said: `calm-otter@1200`. */
export function readRunAt(text: string): { run: string; at?: number } {
  const [, run, step] = /^(.+)@(\d{1,9})$/.exec(text) ?? []
  return run === undefined ? { run: text } : { run, at: Number(step) }
}

interface Named {
  id: string
  name: string
  document: Experiment
}

/**
 * Why networks of other runs cannot be laid beside those of a run; null: they can.
 * @param tested they are tried on images, too
 */
export function otherRunsFault(own: Named, others: readonly Named[], key: string, tested: boolean): LabError | null {
  const refusal = (message: string, remedy: string): LabError =>
    new LabError('invalid-argument', message, remedy, { settings: { [key]: null } })
  if (others.length > mostOtherRuns)
    return refusal(
      `${others.length} other runs are too many: colours tell ${mostOtherRuns + 1} runs apart.`,
      `Name at most ${mostOtherRuns}.`,
    )
  for (const [i, other] of others.entries()) {
    const { id, document } = other
    if (id === own.id) return refusal(`${id} is the run itself: its networks are there already.`, 'Name another run.')
    if (others.findIndex((one) => one.id === id) < i) return refusal(`${id} is named twice.`, 'Name each run once.')
    if (targetOf(document) !== targetOf(own.document))
      return refusal(
        `The target network of ${id} is another one than that of ${own.id}: their weights do not lie in one space.`,
        'Name runs of the same target.',
      )
    if (tested && JSON.stringify(document.data) !== JSON.stringify(own.document.data))
      return new LabError(
        'invalid-argument',
        `${id} learned from other images, or another split of them, than ${own.id}: their networks cannot be tested on the same images.`,
        'Ask without images, or name runs of the same data and split.',
        { settings: { [key]: null } },
      )
  }
  return null
}

/** What decides which weights there are: the layers, but for numbers that were taken from images. */
const targetOf = ({ target }: Experiment): string =>
  JSON.stringify([
    target.input,
    layOut(target)
      .layers.filter(({ definition }) => definition.ofImages === undefined)
      .map(({ layer }) => layer),
  ])
