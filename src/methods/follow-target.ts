/** What of a method follows from the target network, where nobody chose it. */
import type { ByLayerMember, TargetSizes } from './method.ts'
import { methodOf } from './registry.ts'

/** Members of the lists that go by layers, by the lists' keys; one that is not there follows from its layer. */
export type LayerMembers = Readonly<Record<string, ByLayerMember | undefined>>

/**
 * Settings of a document that go with its target; what is one value for all layers stays so where each would have it.
 * @param chosen in the order of layers with weights
 */
export const followTarget = (
  method: { kind: string },
  { weighted }: Pick<TargetSizes, 'weighted'>,
  chosen: readonly (LayerMembers | undefined)[] = [],
): { key: string; value: ByLayerMember[] }[] =>
  (methodOf(method).byLayer ?? []).flatMap((own) => {
    const { key } = own
    const value = weighted.map((layer, i) => chosen[i]?.[key] ?? own.memberOf(layer))
    return value.every((member) => member === (method as Record<string, unknown>)[key]) ? [] : [{ key: `method.${key}`, value }]
  })

/** What a method lists for a layer, by key. @param index of the layer among those with weights */
export function listedFor(method: { kind: string }, index: number): LayerMembers {
  const values = method as unknown as Readonly<Record<string, ByLayerMember | readonly ByLayerMember[]>>
  const entries = (methodOf(method).byLayer ?? []).map(({ key }) => {
    const value = values[key]
    return [key, Array.isArray(value) ? (value as ByLayerMember[])[index] : (value as ByLayerMember)] as const
  })
  return Object.fromEntries(entries)
}
