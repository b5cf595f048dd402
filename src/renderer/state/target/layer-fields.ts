/** Settings of a layer as fields, made from its kind's schema, and read back from what was typed. */
import type { z } from 'zod'
import { optionFacts, type OptionFacts } from '../../../analyses/option-facts.ts'
import { readOption } from '../../../analyses/read-option.ts'
import type { LayerKind, LayerSettings } from '../../../layers/layer-kind.ts'
import type { LayerNode } from './layer-nodes.ts'

interface ChainFacts {
  title: string
  /** What is wrong with it where it is empty; null: nothing. */
  emptyFault: string | null
}

const known = new WeakMap<LayerKind, OptionFacts[]>()
const knownChains = new WeakMap<LayerKind, ChainFacts[]>()

/** The chains that a kind holds. */
export function chainFactsOf(definition: LayerKind): ChainFacts[] {
  const before = knownChains.get(definition)
  if (before !== undefined) return before
  const chains = (definition.chains ?? []).map((key): ChainFacts => {
    const member = memberOf(definition, key)
    const title = member.meta()?.title ?? key
    return { title, emptyFault: member.safeParse([]).success ? null : `${title}: there are none yet. Add one.` }
  })
  knownChains.set(definition, chains)
  return chains
}

/** Fields of a kind: all of its settings but the chains that it holds. */
export function fieldsOf(definition: LayerKind): OptionFacts[] {
  const before = known.get(definition)
  if (before !== undefined) return before
  const others = ['kind', ...(definition.chains ?? [])]
  const fields = optionFacts({ options: definition.schema }).filter(({ key }) => !others.includes(key))
  known.set(definition, fields)
  return fields
}

/** Key of the setting that says how many channels it gives, where a person is free to choose. */
export function widthKeyOf({ width }: LayerKind, layer: LayerSettings): string | undefined {
  if (width === undefined) return undefined
  const wider = { ...width.to(layer, width.of(layer) + 1) }
  return Object.entries(wider).find(([key, value]) => (layer as unknown as Record<string, unknown>)[key] !== value)?.[0]
}

/** A value as it is typed. */
export const inField = (value: unknown): string =>
  Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : (JSON.stringify(value) ?? '')

/** What stands in a layer's fields. */
export const typedOf = (definition: LayerKind, layer: LayerSettings): Record<string, string> =>
  Object.fromEntries(
    fieldsOf(definition).flatMap(({ key }) => (Object.hasOwn(layer, key) ? [[key, inField(layer[key as keyof LayerSettings])]] : [])),
  )

/** What is wrong with what was typed for a setting; null: nothing. */
export function faultOf(facts: OptionFacts, text = ''): string | null {
  if (text.trim() === '' && facts.optional) return null
  const read = readOption(facts, text)
  return 'refusal' in read ? read.refusal : null
}

/** A layer without its chains. @returns undefined: something in its fields is wrong */
export function settingsOf(definition: LayerKind, { kind, typed }: LayerNode): LayerSettings | undefined {
  const layer: Record<string, unknown> = {}
  for (const facts of fieldsOf(definition)) {
    const text = typed[facts.key] ?? ''
    if (faultOf(facts, text) !== null) return undefined
    const { data: absent } = memberOf(definition, facts.key).safeParse(undefined)
    const read = text.trim() === '' ? { value: absent } : readOption(facts, text)
    // What a document may leave out and is as usual is left out.
    const isLeftOut = facts.optional && absent === undefined && 'value' in read && read.value === facts.default
    if ('value' in read && read.value !== undefined && !isLeftOut) layer[facts.key] = read.value
  }
  return { kind, ...layer }
}

const memberOf = ({ schema }: LayerKind, key: string): z.ZodType => (schema.shape as Readonly<Record<string, z.ZodType>>)[key]

/** What a schema asks for at least, for a kind of which there is no example. */
export const leastOf = (definition: LayerKind): Record<string, string> =>
  Object.fromEntries(
    fieldsOf(definition).flatMap((facts) =>
      facts.optional
        ? []
        : [[facts.key, facts.choices.at(0) ?? (facts.type === 'switch' ? 'false' : String((facts.min ?? 0) + (facts.above ? 1 : 0)))]],
    ),
  )

/** Whether a layer learns numbers, whatever else is typed of it. */
export function hasWeights(definition: LayerKind, node: LayerNode): boolean {
  const layer = settingsOf(definition, node) ?? settingsOf(definition, { ...node, typed: leastOf(definition) })
  return layer === undefined || definition.parameters(layer, [1, 1, 1]).length > 0
}
