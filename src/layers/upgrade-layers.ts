/** Layers as documents of version 1 had them, where a convolution held the max-pooling behind it. */
import type { LayerSettings } from './layer-kind.ts'

/**
 * The layers as documents have them now; those that are already so, and what is no layer at all, stay as they are.
 * @param layers of a document that nobody has checked yet
 */
export function upgradeLayers(layers: unknown): unknown {
  return Array.isArray(layers) ? layers.flatMap((layer: unknown) => (holdsPool(layer) ? split(layer) : [layer])) : layers
}

type WithPool = LayerSettings & { pool: unknown }

const holdsPool = (layer: unknown): layer is WithPool =>
  typeof layer === 'object' && layer !== null && 'kind' in layer && layer.kind === 'convolution' && 'pool' in layer

function split({ pool, ...convolution }: WithPool): unknown[] {
  return pool === 1 ? [convolution] : [convolution, { kind: 'max-pool', size: pool }]
}

/** A document with its layers so; what is no document stays as it is. */
export function upgradeTarget(document: unknown): unknown {
  if (!isGroup(document) || !isGroup(document.target)) return document
  return { ...document, target: { ...document.target, layers: upgradeLayers(document.target.layers) } }
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
