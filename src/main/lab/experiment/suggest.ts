/** "Did you mean": the nearest of the names that would have been right. */
import { editDistance } from '../../../shared/edit-distance.ts'
import { maxNameLength } from '../../../shared/names.ts'

/** The known name nearest to what was typed, or undefined when none is near enough to be meant. */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  if (typed.length > maxNameLength) return undefined // Nothing is called so, and comparing would take long.
  const wanted = typed.toLowerCase()
  let best: string | undefined
  let bestDistance = Math.max(2, Math.floor(typed.length * 0.4)) + 1
  for (const name of known) {
    const distance = editDistance(wanted, name.toLowerCase())
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

/** ` Did you mean "x"?`, or nothing: to be put behind a sentence. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const name = nearest(typed, known)
  return name === undefined ? '' : ` Did you mean "${name}"?`
}

/** Settings by the words that other tools have for them, in lower case and without hyphens. */
const elsewhere: Readonly<Record<string, string>> = {
  lr: 'training.learningRate',
  epochs: 'training.steps',
  iterations: 'training.steps',
  batchsize: 'training.imageBatch',
}

/** The setting that is meant by its last word, or another tool's, however it is spelled: `lambda`, `learning-rate`, `lr`; undefined: none. */
export function settingByWord(typed: string, known: Iterable<string>): string | undefined {
  const last = (text: string): string =>
    text
      .slice(text.lastIndexOf('.') + 1)
      .replaceAll(/[-_]/g, '')
      .toLowerCase()
  const word = last(typed)
  const key = Object.hasOwn(elsewhere, word) ? elsewhere[word] : undefined
  const meant = [...known].filter((one) => one === key || last(one) === word)
  return nearest(typed, meant) ?? meant.at(0)
}

/** As `didYouMean`, of settings. */
export function didYouMeanSetting(typed: string, known: readonly string[]): string {
  const key = settingByWord(typed, known)
  return key === undefined ? didYouMean(typed, known) : ` Did you mean "${key}"?`
}
