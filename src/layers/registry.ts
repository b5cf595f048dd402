/** The kinds of layers there are: a new one is one line here and a folder beside. */
import { z } from 'zod'
import { averagePool } from './average-pool/definition.ts'
import { convolution } from './convolution/definition.ts'
import { dense } from './dense/definition.ts'
import { globalAverage } from './global-average/definition.ts'
import { chainsOf, type LayerKind, type LayerSettings } from './layer-kind.ts'
import { maxPool } from './max-pool/definition.ts'
import { normalisation } from './normalisation/definition.ts'
import { pixelScaling } from './pixel-scaling/definition.ts'
import { residual } from './residual/definition.ts'
import type { Residual } from './residual/settings.ts'

const simple = [convolution, maxPool, averagePool, globalAverage, normalisation, pixelScaling, dense] as const

export type Layer = z.infer<(typeof simple)[number]['schema']> | Residual<Layer>

/** Chains that may lie within each other, in a document from anywhere. */
export const deepest = 4

/** @param depth of chains that they may hold */
const kindsWithin = (depth: number): readonly LayerKind[] => (depth === 0 ? simple : [...simple, residual(unionOf(kindsWithin(depth - 1)))])

const unionOf = (kinds: readonly LayerKind[]) =>
  z
    .discriminatedUnion('kind', kinds.map(({ schema }) => schema) as [LayerKind['schema'], ...LayerKind['schema'][]])
    .transform(withoutDefaults)

/**
 * A layer without what is as it is anyway: settings that came later say nothing unless they differ, so that documents which mean
 * the same are the same, whenever they were written.
 */
function withoutDefaults(layer: LayerSettings): LayerSettings {
  const { shape } = kinds.find(({ kind }) => kind === layer.kind)!.schema
  const said = Object.entries(layer).filter(([key, value]) => shape[key as 'kind'].meta()?.default !== value)
  return Object.fromEntries(said) as unknown as LayerSettings
}

const kinds = kindsWithin(deepest)

/** A layer of the target network, of any kind. */
export const layerSchema = unionOf(kinds) as unknown as z.ZodType<Layer>

export type LayerKinds = Readonly<Record<string, LayerKind>>

/** Every kind by its name. */
export const layerKinds: LayerKinds = Object.fromEntries(kinds.map((definition) => [definition.kind, definition]))

/** Layers as a person says them, one after the other; those that are repeated once, with how often. */
export function chainWords(layers: readonly LayerSettings[]): string[] {
  const all = layers.map((layer) => {
    const definition = layerKinds[layer.kind]
    return definition.words(layer, chainsOf(definition, layer).map(chainWords))
  })
  return all.flatMap((words, i) => {
    if (words === all[i - 1]) return []
    const end = all.findIndex((other, k) => k > i && other !== words)
    const times = (end === -1 ? all.length : end) - i
    return [times === 1 ? words : `${words} (${times} times)`]
  })
}
