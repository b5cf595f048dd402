/** Options that name another target network: one to start from, a preset's, that of another run, or one written out in JSON. */
import { z } from 'zod'
import { layerKinds } from '../layers/registry.ts'
import { LabError } from '../shared/errors.ts'
import type { Target } from '../shared/experiment.ts'
import { quoted } from '../shared/names.ts'
import { presets } from '../shared/presets.ts'
import { startingTargets } from '../shared/starting-targets.ts'
import { layOut } from '../shared/target-layout.ts'
import { count, imageSize } from '../shared/wording.ts'
import type { OptionFacts } from './option-facts.ts'

/** The name of the run's own. */
export const ownTarget = 'own'

/** Written out, it is as long as a document may be. */
export const targetName = z.string().trim().min(1).max(1_000_000)

/** Which there are, for the help of a command. */
export const targetsHelp = `Architectures: ${[ownTarget, ...startingTargets.map(({ key }) => key)].join(', ')}; a preset's or a run's by its name; a document's by its file (.json). Input and classes must be those of the run.`

/** Names with commas between; one that is written out has some of its own, within braces. */
export function splitTargets(text: string): string[] {
  let depth = 0
  const parts = ['']
  for (const sign of text) {
    depth += sign === '{' ? 1 : sign === '}' ? -1 : 0
    if (sign === ',' && depth === 0) parts.push('')
    else parts[parts.length - 1] += sign
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** Those that the options of a request name, in order. */
export const namedTargets = (
  facts: readonly OptionFacts[],
  options: Readonly<Record<string, unknown>>,
): { key: string; names: string[] } | undefined => {
  const key = facts.find(({ type }) => type === 'target' || type === 'targets')?.key
  return key === undefined ? undefined : { key, names: [options[key]].flat() as string[] }
}

/** What a target is called in words: its name, or its number of weights where it is written out. */
export const targetInWords = (name: string): string =>
  name.startsWith('{') ? `a document’s, ${count(layOut(JSON.parse(name) as Target).weightCount)} weights` : name

/**
 * Those that every lab knows: the run's own, those to start from (as the run's own scales its pixels), those of presets.
 * @returns undefined: there is none of that name
 */
export function knownTarget(own: Target, name: string): Target | undefined {
  if (name === ownTarget) return own
  const starting = startingTargets.find(({ key }) => key === name)
  if (starting === undefined) return Object.hasOwn(presets, name) ? presets[name].target : undefined
  const { input, layers } = starting.targetOf(own.input, layOut(own).classes)
  const scaling = own.layers.filter(({ kind }) => layerKinds[kind].ofImages !== undefined)
  return { input, layers: [...scaling, ...layers] }
}

/** Why a student of a run cannot be made so; null: it can. @param key of the option */
export function targetFault(own: Target, other: Target, name: string, key: string): LabError | null {
  const refused = (message: string, remedy: string, cause?: unknown) =>
    new LabError('invalid-argument', message, remedy, { cause, settings: { [key]: null } })
  const [ours, theirs] = [own.input, other.input]
  if (ours.height !== theirs.height || ours.width !== theirs.width || ours.channels !== theirs.channels) {
    return refused(
      `The target ${told(name)} looks at images of ${imageSize(theirs)}, and those of the run are ${imageSize(ours)}.`,
      'Name one for images of the same size and colours.',
    )
  }
  try {
    const [wanted, found] = [layOut(own).classes, layOut(other).classes]
    if (wanted === found) return null
    return refused(`The target ${told(name)} tells ${found} classes apart, and the run ${wanted}.`, 'Name one of as many classes.')
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause
    return refused(`The target ${told(name)} does not fit images of ${imageSize(ours)}: ${cause.message}`, 'Name another one.', cause)
  }
}

const told = (name: string): string => (name.startsWith('{') ? 'of the document' : quoted(name))
