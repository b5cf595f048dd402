/** What a document's method lists by layers, for layers that were set without it. */
import { followTarget } from '../../../methods/follow-target.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { currentKey, setValues } from './set-values.ts'

/**
 * Lets it follow from the target where that has more or fewer layers with weights, and nobody set it.
 * @param chosen keys that were set by hand
 * @param note hears what follows, and how
 * @throws LabError `invalid-argument` when the target cannot be
 */
export function followLayers(document: Experiment, chosen: ReadonlySet<string>, note: (message: string) => void): Experiment {
  const { byLayer = [] } = methodOf(document.method)
  const keys = [...chosen].map((key) => currentKey(document, key))
  const isSet = (key: string) => keys.some((one) => one === key || one.startsWith(`${key}.`) || key.startsWith(`${one}.`))
  if (byLayer.length === 0 || !isSet('target.layers') || isSet(`method.${byLayer[0].key}`)) return document
  const layout = layOut(document.target)
  const listed = document.method[byLayer[0].key as 'kind'] as unknown as readonly unknown[]
  if (listed.length === layout.weighted.length) return document
  const followed = followTarget(document.method, layout).filter(({ key }) => !isSet(key))
  for (const { key, value } of followed) {
    const { formula } = byLayer.find((one) => key === `method.${one.key}`)!
    note(`${key} follows from target.layers: ${JSON.stringify(value)} (${formula}).`)
  }
  return setValues(document, followed)
}
