/** A document from outside or from an older version, made ready for the schema. */
import { methodOf } from '../methods/registry.ts'
import { LabError } from './errors.ts'
import { layerKinds } from '../layers/registry.ts'
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
  const { layers } = Object(target) as { layers?: unknown }
  for (const layer of Array.isArray(layers) ? (layers as unknown[]) : []) {
    const kind = kindOf(layer)
    if (kind === undefined || Object.hasOwn(layerKinds, kind)) continue
    throw new LabError(
      'bad-input',
      `This version of Weightscape knows no layer "${kind}".`,
      `It knows: ${Object.keys(layerKinds).join(', ')}. Use the version that wrote the document, or name another layer.`,
    )
  }
  return document
}

function kindOf(part: unknown): string | undefined {
  const { kind } = Object(part) as { kind?: unknown }
  return typeof kind === 'string' ? kind : undefined
}
