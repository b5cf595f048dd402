/** A document from outside or from an older version, made ready for the schema. */
import { methodOf } from '../methods/registry.ts'
import { LabError } from './errors.ts'
import { chainsOf, type LayerSettings } from '../layers/layer-kind.ts'
import { deepest, layerKinds } from '../layers/registry.ts'
import { upgradeDocument } from './upgrade-document.ts'

/**
 * Today's form of a document, whatever wrote it.
 * @throws LabError `bad-input` where it is of a newer version, or names a method or layer that this version does not know
 */
export function openDocument(value: unknown): unknown {
  const document = upgradeDocument(value)
  const { method, target } = Object(document) as { method?: unknown; target?: unknown }
  const named = kindOf(method)
  if (named !== undefined) methodOf({ kind: named })
  requireKnown((Object(target) as { layers?: unknown }).layers, 0)
  return document
}

/** @param depth of the chain within others; below the deepest the schema looks */
function requireKnown(layers: unknown, depth: number): void {
  if (!Array.isArray(layers) || depth > deepest) return
  for (const layer of layers as unknown[]) {
    const kind = kindOf(layer)
    if (kind === undefined) continue
    if (!Object.hasOwn(layerKinds, kind)) {
      throw new LabError(
        'bad-input',
        `This version of Weightscape knows no layer "${kind.slice(0, 80)}".`,
        `It knows: ${Object.keys(layerKinds).join(', ')}. Use the version that wrote the document, or name another layer.`,
      )
    }
    for (const chain of chainsOf(layerKinds[kind], layer as LayerSettings)) requireKnown(chain, depth + 1)
  }
}

function kindOf(part: unknown): string | undefined {
  const { kind } = Object(part) as { kind?: unknown }
  return typeof kind === 'string' ? kind : undefined
}
