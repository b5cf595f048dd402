/** Layers of a target while a person puts them together: a tree of what was typed, replaced whole with each change. */
import { z } from 'zod'
import { layerKinds } from '../../../layers/registry.ts'

export interface LayerNode {
  /** It keeps its name wherever it is moved. */
  readonly id: string
  readonly kind: string
  /** Settings as they were typed, by key. */
  readonly typed: Readonly<Record<string, string>>
  /** What the method lists for it, as it was typed, by the list's key; empty, or not there: it follows from the layer. */
  readonly members: Readonly<Record<string, string>>
  readonly chains: readonly (readonly LayerNode[])[]
}

export const layerNodeSchema: z.ZodType<LayerNode> = z.strictObject({
  id: z.string(),
  kind: z.string().refine((kind) => Object.hasOwn(layerKinds, kind)),
  typed: z.record(z.string(), z.string()),
  members: z.record(z.string(), z.string()),
  get chains() {
    return z.array(z.array(layerNodeSchema))
  },
})

type Chain = readonly LayerNode[]

/** Where a layer is, or would be: in a chain of another, or of the target itself. */
export interface NodePlace {
  holder: string | null
  chain: number
  index: number
}

/** All of them, a holder before what it holds. */
export const allNodes = (nodes: Chain): LayerNode[] => nodes.flatMap((node) => [node, ...node.chains.flatMap(allNodes)])

export const findNode = (nodes: Chain, id: string | null): LayerNode | undefined => allNodes(nodes).find((node) => node.id === id)

/** @returns undefined: it is not there */
export function placeOf(nodes: Chain, id: string, holder: string | null = null, chain = 0): NodePlace | undefined {
  const index = nodes.findIndex((node) => node.id === id)
  if (index !== -1) return { holder, chain, index }
  for (const node of nodes) {
    for (const [i, inner] of node.chains.entries()) {
      const found = placeOf(inner, id, node.id, i)
      if (found !== undefined) return found
    }
  }
  return undefined
}

export const chainAt = (nodes: Chain, { holder, chain }: Omit<NodePlace, 'index'>): Chain =>
  holder === null ? nodes : (findNode(nodes, holder)?.chains[chain] ?? [])

export const changeNode = (nodes: Chain, id: string, change: (node: LayerNode) => LayerNode): Chain =>
  nodes.map((node) => (node.id === id ? change(node) : { ...node, chains: node.chains.map((chain) => changeNode(chain, id, change)) }))

function changeChain(nodes: Chain, { holder, chain }: NodePlace, change: (chain: Chain) => Chain): Chain {
  if (holder === null) return change(nodes)
  return changeNode(nodes, holder, (node) => ({ ...node, chains: node.chains.map((inner, i) => (i === chain ? change(inner) : inner)) }))
}

export const insertNode = (nodes: Chain, place: NodePlace, node: LayerNode): Chain =>
  changeChain(nodes, place, (chain) => chain.toSpliced(place.index, 0, node))

export function removeNode(nodes: Chain, id: string): Chain {
  const place = placeOf(nodes, id)
  return place === undefined ? nodes : changeChain(nodes, place, (chain) => chain.toSpliced(place.index, 1))
}

/**
 * Moves a layer by a line: within its chain, into a neighbour that shows what it holds, and out of its holder at the chain's ends.
 * @param by -1: up, 1: down
 * @returns the same tree: it is at the end
 */
export function moveNode(nodes: Chain, id: string, by: -1 | 1, isOpen: (id: string) => boolean): Chain {
  const place = placeOf(nodes, id)
  if (place === undefined) return nodes
  const node = findNode(nodes, id)!
  const chain = chainAt(nodes, place)
  const to = (target: NodePlace) => insertNode(removeNode(nodes, id), target, node)
  const neighbour = chain.at(place.index + by)
  if (place.index + by >= 0 && neighbour !== undefined) {
    if (neighbour.chains.length === 0 || !isOpen(neighbour.id)) return to({ ...place, index: place.index + by })
    const inner = by === 1 ? 0 : neighbour.chains.length - 1
    return to({ holder: neighbour.id, chain: inner, index: by === 1 ? 0 : neighbour.chains[inner].length })
  }
  if (place.holder === null) return nodes
  const next = findNode(nodes, place.holder)!.chains[place.chain + by] as Chain | undefined
  if (next !== undefined) return to({ ...place, chain: place.chain + by, index: by === 1 ? 0 : next.length })
  const outside = placeOf(nodes, place.holder)!
  return to({ ...outside, index: outside.index + (by === 1 ? 1 : 0) })
}

/** Before a layer, or behind it. */
export type Side = 'before' | 'behind'

/** Puts a layer beside another, in whichever chain that is. @returns the same tree: it is there, or that is itself or what it holds */
export const putBeside = (nodes: Chain, id: string, other: string, side: Side): Chain =>
  putWhere(nodes, id, other, (left) => {
    const place = placeOf(left, other)
    return place === undefined ? undefined : { ...place, index: place.index + (side === 'behind' ? 1 : 0) }
  })

/** Puts a layer behind all others of a chain that another holds, or into it where it is empty. @returns as {@link putBeside} */
export const putLast = (nodes: Chain, id: string, { holder, chain }: { holder: string; chain: number }): Chain =>
  putWhere(nodes, id, holder, (left) => {
    const last = findNode(left, holder)?.chains[chain]
    return last === undefined ? undefined : { holder, chain, index: last.length }
  })

/** @param other layer that must not be the moved one, nor within it @param where of the tree without it */
function putWhere(nodes: Chain, id: string, other: string, where: (left: Chain) => NodePlace | undefined): Chain {
  const node = findNode(nodes, id)
  if (node === undefined || findNode([node], other) !== undefined) return nodes
  const left = removeNode(nodes, id)
  const to = where(left)
  if (to === undefined) return nodes
  const from = placeOf(nodes, id)!
  return to.holder === from.holder && to.chain === from.chain && to.index === from.index ? nodes : insertNode(left, to, node)
}

/** The same layers under other names. */
export const renamed = (node: LayerNode, name: () => string): LayerNode => ({
  ...node,
  id: name(),
  chains: node.chains.map((chain) => chain.map((inner) => renamed(inner, name))),
})
