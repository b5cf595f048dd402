/** What a study leaves out, in words: which analyses of which runs, and why. */
import type { StudyDetails } from './contract/studies.ts'
import { plural } from './wording.ts'

/** More runs are counted, not named. */
const mostNamed = 3

/** "Ensemble left out of 2 runs (mnist-quick, seed 1; …): why", one for each analysis and reason. */
export function unaskedInWords(unasked: StudyDetails['unasked']): string[] {
  const alike = Map.groupBy(unasked, ({ analysis, why }) => `${analysis}: ${why}`)
  return [...alike.values()].map((all) => {
    const [{ analysis, why }] = all
    const named = all.slice(0, mostNamed).map(({ title, seed, run }) => `${title}, seed ${seed}, ${run}`)
    const more = all.length > mostNamed ? [plural(all.length - mostNamed, 'other')] : []
    return `${analysis} left out of ${plural(all.length, 'run')} (${[...named, ...more].join('; ')}): ${why}`
  })
}
