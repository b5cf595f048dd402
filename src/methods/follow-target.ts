/** What of a method follows from the target network, where nobody chose it. */
import type { TargetSizes } from './method.ts'
import { methodOf } from './registry.ts'

/**
 * Settings of a document that go with its target.
 * @param chosen members of the list that goes by layers, in the order of layers with weights; undefined: it follows from its layer
 */
export function followTarget(
  method: { kind: string },
  target: Pick<TargetSizes, 'weighted'>,
  chosen: readonly (number[] | undefined)[] = [],
): { key: string; value: number | number[][] }[] {
  const { byLayer } = methodOf(method)
  if (byLayer === undefined) return []
  const members = target.weighted.map((layer, i) => chosen[i] ?? byLayer.memberOf(layer))
  const larger = Object.entries(byLayer.enlarge(method, target)).filter(
    ([key, value]) => (method as Record<string, unknown>)[key] !== value,
  )
  return [{ key: `method.${byLayer.key}`, value: members }, ...larger.map(([key, value]) => ({ key: `method.${key}`, value }))]
}
