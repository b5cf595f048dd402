/**
 * The keys of the experiment document, read off its schema, so that help texts, checks and messages
 * always say what the schema says.
 */
import { z } from 'zod'
import { experimentSchema } from './experiment.ts'
import type { Experiment } from './experiment.ts'

/** The part of JSON Schema that the document's schema uses, and what its `.meta` says. */
export interface SchemaNode {
  title?: string
  description?: string
  symbol?: string
  unit?: string
  type?: string
  const?: unknown
  enum?: unknown[]
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  exclusiveMaximum?: number
  minItems?: number
  maxItems?: number
  default?: unknown
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  oneOf?: SchemaNode[]
}

/** Keys that decide which document it is: why they are no settings, and what is chosen instead. */
const notSettable: Readonly<Record<string, { reason: string; instead?: string }>> = {
  version: { reason: 'it is the version of the document itself' },
  preset: { reason: 'a preset is chosen by itself', instead: 'preset' },
  'data.id': { reason: 'a data set is chosen by itself', instead: 'data.id' },
  'method.kind': { reason: 'it comes with the preset', instead: 'preset' },
}

let root: SchemaNode | undefined

/** The schema of the whole document. */
export function documentSchema(): SchemaNode {
  root ??= z.toJSONSchema(experimentSchema, { io: 'input' }) as SchemaNode
  return root
}

/** Why a key cannot be set, or undefined when it can. */
export function whyNotSettable(key: string): { reason: string; instead?: string } | undefined {
  return Object.hasOwn(notSettable, key) ? notSettable[key] : undefined
}

/**
 * The schema at a path. `value` is the document, which tells apart the alternatives of a union by
 * their constant members (the `kind` of a layer).
 */
export function schemaAt(path: readonly (string | number)[], value: unknown): SchemaNode | undefined {
  let node: SchemaNode | undefined = documentSchema()
  let here = value
  for (const part of path) {
    node = chooseAlternative(node, here)
    if (node.properties !== undefined) node = Object.hasOwn(node.properties, part) ? node.properties[part] : undefined
    else if (node.items !== undefined && /^\d+$/.test(String(part))) node = node.items
    else node = namesAt(node, part)
    if (node === undefined) return undefined
    here = typeof here === 'object' && here !== null ? (here as Record<string, unknown>)[part] : undefined
  }
  return chooseAlternative(node, here)
}

function chooseAlternative(node: SchemaNode, value: unknown): SchemaNode {
  if (node.oneOf === undefined || typeof value !== 'object' || value === null) return node
  const fits = (alternative: SchemaNode) =>
    Array.isArray(value) === (alternative.items !== undefined) &&
    Object.entries(alternative.properties ?? {}).every(
      ([key, member]) => member.const === undefined || (value as Record<string, unknown>)[key] === member.const,
    )
  return node.oneOf.find(fits) ?? node
}

/** The constants that tell alternatives apart, where none of them fits. */
function namesAt({ oneOf = [] }: SchemaNode, part: string | number): SchemaNode | undefined {
  const names = oneOf.flatMap(({ properties = {} }) => (properties[part]?.const === undefined ? [] : [properties[part].const]))
  return names.length === 0 ? undefined : { enum: names }
}

/** Names of an object's members, or undefined for anything else. */
export function membersOf(node: SchemaNode): string[] | undefined {
  return node.properties === undefined ? undefined : Object.keys(node.properties)
}

/**
 * Every key that can be set, dotted, lists as one key.
 * @param document which of the alternatives (of methods) are meant, and which optional parts; absent: the keys of all
 */
export function settableKeys(document?: Experiment): string[] {
  return [...new Set(keysUnder(documentSchema(), document, ''))]
}

function keysUnder(node: SchemaNode, value: unknown, prefix: string): string[] {
  const chosen = value === undefined ? node : chooseAlternative(node, value)
  const alternatives = chosen.oneOf?.every(isGroup) === true ? chosen.oneOf : [chosen]
  return alternatives.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([name, member]) => {
      const key = prefix === '' ? name : `${prefix}.${name}`
      if (whyNotSettable(key) !== undefined) return []
      const inner = value === undefined ? undefined : (value as Record<string, unknown>)[name]
      if (value !== undefined && inner === undefined) return []
      return isGroup(member) || member.oneOf?.every(isGroup) === true ? keysUnder(member, inner, key) : [key]
    }),
  )
}

const isGroup = ({ properties }: SchemaNode): boolean => properties !== undefined

/** The values that a schema allows, in words: `a whole number from 1 to 4096`. */
export function describeAllowed(node: SchemaNode): string {
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.enum !== undefined) return `one of ${node.enum.map((value) => JSON.stringify(value)).join(', ')}`
  if (node.oneOf !== undefined) return node.oneOf.map(describeAllowed).join(' or ')
  if (node.properties !== undefined) {
    const members = Object.entries(node.properties).map(([name, member]) =>
      member.const === undefined ? name : `${name}: ${JSON.stringify(member.const)}`,
    )
    return `an object with ${members.join(', ')}`
  }
  if (node.items !== undefined) {
    const longest = node.maxItems === undefined ? '' : ` of at most ${node.maxItems}`
    return `a list${longest}, each ${describeAllowed(node.items)}`
  }
  if (node.type === 'integer') return describeRange('a whole number', wholeBounds(node))
  if (node.type === 'number') return describeRange('a number', node)
  if (node.type === 'boolean') return 'true or false'
  return 'a text'
}

/** For whole numbers, above 0 is at least 1; and the largest exact integer is no bound worth a word. */
function wholeBounds(node: SchemaNode): SchemaNode {
  const bounds: SchemaNode = {}
  if (node.minimum !== undefined) bounds.minimum = node.minimum
  if (node.exclusiveMinimum !== undefined) bounds.minimum = node.exclusiveMinimum + 1
  if (node.maximum !== undefined && node.maximum < Number.MAX_SAFE_INTEGER) bounds.maximum = node.maximum
  return bounds
}

function describeRange(noun: string, { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const low = minimum === undefined ? (exclusiveMinimum === undefined ? undefined : `above ${exclusiveMinimum}`) : `of at least ${minimum}`
  const high = maximum === undefined ? (exclusiveMaximum === undefined ? undefined : `below ${exclusiveMaximum}`) : `at most ${maximum}`
  if (minimum !== undefined && maximum !== undefined) return `${noun} from ${minimum} to ${maximum}`
  return [noun, [low, high].filter((part) => part !== undefined).join(' and ')].join(' ').trim()
}

/** What lies at a path of a plain value; undefined when nothing does. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  let here = value
  for (const part of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, part)) return undefined
    here = (here as Record<string, unknown>)[part]
  }
  return here
}
