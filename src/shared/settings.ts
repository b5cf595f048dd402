/** The settings of an experiment as a person reads of them: what their schema says in its `.meta`. */
import { omitUndefined } from './omit-undefined.ts'
import { describeAllowed, documentSchema, type SchemaNode, settableKeys } from './document-keys.ts'
import type { Experiment } from './experiment.ts'
import { methodOf } from '../methods/registry.ts'

export interface Setting {
  /** Its place in the document, dotted. */
  key: string
  label: string
  symbol?: string
  unit?: string
  /** What it does, in a sentence or two; empty: nothing is known of it. */
  help: string
  /** The values that it may have, in words. */
  allowed: string
  /** It is either so or not. */
  isSwitch?: true
}

/**
 * What is known of a key: of a setting, or of a part of one (`target.layers.2.units`).
 * @param document tells alternatives apart where several have the key; left out: the first that has it
 */
export function settingOf(key: string, document?: Experiment): Setting {
  const path = key.split('.')
  const node = nodesAt(documentSchema(), path, document).find(({ title }) => title !== undefined)
  if (node === undefined) return { key, label: key, help: '', allowed: '' }
  const { title = key, symbol, unit, description = '' } = node
  const isIndex = (part: string | undefined) => part !== undefined && /^\d+$/.test(part)
  const places = path.flatMap((part, i) =>
    isIndex(part) && !isIndex(path[i - 1]) ? [`${path[i - 1].replace(/s$/, '')} ${Number(part) + 1}`] : [],
  )
  const place = places.length === 0 ? '' : `, ${places.toReversed().join(' in ')}`
  const isSwitch = node.type === 'boolean' ? true : undefined
  const ofMethod = key === 'training.learningRate' && document !== undefined ? methodOf(document.method).rate?.description : undefined
  return omitUndefined({ key, label: title + place, symbol, unit, help: ofMethod ?? description, allowed: describeAllowed(node), isSwitch })
}

/** Every setting that can be changed, in the document's order. */
export const settingsOf = (document?: Experiment): Setting[] => settableKeys(document).map((key) => settingOf(key, document))

/** All nodes that a path may mean, through every alternative that the value does not rule out. */
function nodesAt(node: SchemaNode, path: readonly string[], value: unknown): SchemaNode[] {
  if (path.length === 0 && node.title !== undefined) return [node]
  const alternatives = node.oneOf ?? []
  if (alternatives.length > 0) return alternatives.filter((one) => mayBe(one, value)).flatMap((one) => nodesAt(one, path, value))
  const [name, ...rest] = path
  if (name === undefined) return [node]
  const inner = node.properties !== undefined && Object.hasOwn(node.properties, name) ? node.properties[name] : undefined
  const next = inner ?? (/^\d+$/.test(name) ? node.items : undefined)
  return next === undefined ? [] : nodesAt(next, rest, isObject(value) ? value[name] : undefined)
}

const mayBe = ({ properties = {} }: SchemaNode, value: unknown): boolean =>
  !isObject(value) || Object.entries(properties).every(([key, member]) => member.const === undefined || value[key] === member.const)

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
