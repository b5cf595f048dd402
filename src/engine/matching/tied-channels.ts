/**
 * Which hidden units of a target may change places or signs, and what must follow: a layer's filters as they are given, and the
 * rows of every layer that reads them. It is what the layers' kinds say of their channels, followed through the target.
 */
import { isWeighted, type LayerLayout, type TargetLayout, type WeightedLayout } from '../target-network/layout.ts'

/** A layer with parameters, and which groups of channels it reads and gives. Channels of a group have one order. */
export interface TiedLayer {
  layer: WeightedLayout
  reads: number
  gives: number
  /** Whether channels that it gives may be negated: all that lies between them and whoever reads them is odd. */
  mayNegate: boolean
}

/** The channels of images and the classes: their order is fixed. */
export const fixedGroup = 0

/** @returns one a layer with parameters, in the order of the flat vector */
export function tiedLayers({ layers }: TargetLayout): TiedLayer[] {
  /** Of each group itself, or one that it turned out to be tied to. */
  const tiedTo = [fixedGroup]
  const groupOf = (group: number): number => (tiedTo[group] === group ? group : groupOf(tiedTo[group]))
  const tied: Omit<TiedLayer, 'mayNegate'>[] = []
  /** Groups whose signs make a difference. */
  const signed = [fixedGroup]
  const follow = (chain: readonly LayerLayout[], from: number): number =>
    chain.reduce((reads, layer) => {
      const { channels } = layer.definition
      const gives = layer.isOutput ? fixedGroup : channels === 'own' ? tiedTo.push(tiedTo.length) - 1 : reads
      if (isWeighted(layer)) tied.push({ layer, reads, gives })
      const ends = channels === 'chains' ? layer.chains.map((inner) => groupOf(follow(inner, reads))) : [groupOf(gives)]
      const first = Math.min(...ends)
      for (const end of ends) tiedTo[end] = first
      if (!layer.definition.isOdd(layer.layer)) signed.push(first)
      return first
    }, from)
  follow(layers, fixedGroup)
  const keepSigns = new Set(signed.map(groupOf))
  return tied.map(({ layer, reads, gives }) => ({
    layer,
    reads: groupOf(reads),
    gives: groupOf(gives),
    mayNegate: !keepSigns.has(groupOf(gives)),
  }))
}
