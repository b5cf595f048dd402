/** `key=value` settings: dotted paths into the document, with JSON values. */
import { upgradeLayers } from '../../../layers/upgrade-layers.ts'
import { methodOf } from '../../../methods/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { parseJson, RepeatedKey } from '../../../shared/json-text.ts'
import { checkSettings } from './document.ts'
import { describeAllowed, membersOf, schemaAt, settableKeys, whyNotSettable, valueAt } from '../../../shared/document-keys.ts'
import { didYouMeanSetting } from './suggest.ts'

export interface Assignment {
  /** Dotted; a list's element by its index: `target.layers.0.filters`. */
  key: string
  value: unknown
}

/**
 * Reads one `key=value`. The value is JSON; what is not JSON is taken as text.
 * @throws LabError `invalid-argument` when there is no `=`, or a member of the value is said twice
 */
export function parseAssignment(text: string): Assignment {
  const equals = text.indexOf('=')
  if (equals <= 0) {
    throw new LabError('invalid-argument', `"${text}" is not a setting of the form key=value.`, 'Write for example training.steps=300.')
  }
  const key = text
    .slice(0, equals)
    .trim()
    .replace(/\[(\d+)\]/g, '.$1')
  const raw = text.slice(equals + 1).trim()
  try {
    return { key, value: parseJson(raw) }
  } catch (error) {
    if (error instanceof RepeatedKey)
      throw new LabError('invalid-argument', `The value of ${key} cannot be read: ${error.message}.`, 'Leave one of the two.', {
        cause: error,
      })
    return { key, value: raw }
  }
}

/**
 * A copy of the document with the settings made, each of them checked.
 * @param note hears of keys that have a new name
 * @throws LabError `invalid-argument` naming the key, what was found and what is allowed
 */
export function setValues(document: Experiment, assignments: readonly Assignment[], note?: (message: string) => void): Experiment {
  const changed = structuredClone(document)
  const seen = new Set<string>()
  for (const { key: given, value } of assignments.flatMap((one) => membersIn(document, one))) {
    const key = currentKey(document, given)
    if (key !== given) note?.(`${given} is called ${key} now.`)
    if (seen.has(key)) throw new LabError('invalid-argument', `${key} is set twice.`, 'Set each key once.')
    seen.add(key)
    setOne(changed, key, key === 'target.layers' ? upgradeLayers(value) : value)
  }
  return checkSettings(changed)
}

/** A group of settings that is given whole: its members one by one. */
function membersIn(document: Experiment, { key, value }: Assignment): Assignment[] {
  const isGroup = typeof value === 'object' && value !== null && !Array.isArray(value) && !/\.\d+$/.test(key)
  if (!isGroup || membersOf(schemaAt(key.split('.'), document) ?? {}) === undefined) return [{ key, value }]
  return Object.entries(value).flatMap(([name, member]) => membersIn(document, { key: `${key}.${name}`, value: member as unknown }))
}

/** What a key of an older document is called now; any other is as it was. */
export function currentKey({ method }: Experiment, key: string): string {
  for (const [old, now] of Object.entries(methodOf(method).aliases)) {
    if (key === old) return now
    if (key.startsWith(`${old}.`)) return now + key.slice(old.length)
  }
  return key
}

function setOne(document: Experiment, key: string, value: unknown): void {
  const path = key.split('.')
  const fixed = whyNotSettable(key)
  if (fixed !== undefined) {
    const help = fixed.instead === undefined ? {} : { settings: { [fixed.instead]: null } }
    throw new LabError('invalid-argument', `${key} cannot be set: ${fixed.reason}.`, 'Leave it out of the settings.', help)
  }
  const node = schemaAt(path, document)
  const group = path.slice(0, -1)
  // A part of a group that is optional makes it.
  if (node !== undefined && group.length > 1 && valueAt(document, group) === undefined)
    (valueAt(document, group.slice(0, -1)) as Record<string, unknown>)[group[group.length - 1]] = {}
  const parent = valueAt(document, group)
  const name = path[path.length - 1]
  if (node === undefined || typeof parent !== 'object' || parent === null || (Array.isArray(parent) && Number(name) > parent.length - 1)) {
    throw unknownKey(key, document)
  }
  const members = membersOf(node)
  if (members !== undefined && !Array.isArray(parent)) {
    throw new LabError(
      'invalid-argument',
      `${key} is a group of settings, not one.`,
      `Set one of: ${members.map((member) => `${key}.${member}`).join(', ')}; or several at once, by an object with these.`,
    )
  }
  ;(parent as Record<string, unknown>)[name] = value
}

function unknownKey(key: string, document: Experiment): LabError {
  const path = key.split('.')
  // The longest part of the path that exists says best what could have been meant.
  for (let length = path.length - 1; length > 0; length--) {
    const here = path.slice(0, length)
    const node = schemaAt(here, document)
    const value = valueAt(document, here)
    if (node === undefined || value === undefined) continue
    const members = membersOf(node)
    if (members !== undefined) {
      const known = members.map((member) => [...here, member].join('.'))
      return new LabError(
        'invalid-argument',
        `There is no setting "${key}".${didYouMeanSetting(key, [...known, ...settableKeys(document)])}`,
        `Under ${here.join('.')} there are: ${members.join(', ')}.`,
      )
    }
    if (Array.isArray(value)) {
      return new LabError(
        'invalid-argument',
        `There is no setting "${key}": ${here.join('.')} has ${value.length} elements, counted from 0.`,
        `Name one of them, or set ${here.join('.')} whole: ${describeAllowed(node)}.`,
      )
    }
    return new LabError(
      'invalid-argument',
      `There is no setting "${key}": ${here.join('.')} is a single value.`,
      `Set ${here.join('.')} itself: ${describeAllowed(node)}.`,
    )
  }
  return new LabError(
    'invalid-argument',
    `There is no setting "${key}".${didYouMeanSetting(key, settableKeys(document))}`,
    `The settings are: ${settableKeys(document).join(', ')}.`,
  )
}
