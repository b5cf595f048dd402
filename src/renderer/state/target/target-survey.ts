/** What layers that are being put together come to: their shapes and costs, and what cannot be, at its layer. */
import type { LayerKind, LayerSettings } from '../../../layers/layer-kind.ts'
import type { LayerKinds } from '../../../layers/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Target } from '../../../shared/experiment.ts'
import { imageCosts, layOut, type LayerLayout, type LayoutProgress, type WeightedLayout } from '../../../shared/target-layout.ts'
import { inLabels } from '../remedy.ts'
import { chainFactsOf, faultOf, fieldsOf, settingsOf, widthKeyOf } from './layer-fields.ts'
import { allNodes, type LayerNode } from './layer-nodes.ts'

/** What a target must go with. */
export interface DataShape {
  input: Target['input']
  classes: number
}

/** What layers come to, with all that they hold. */
export interface LayerFigures {
  output: string
  weights: number
  /** Multiplications, each with its addition, an image. */
  multiplyAdds: number
  /** Bytes an image that stay for the way back. */
  bytes: number
}

/** A layer at which a target fails; null: the target itself. */
export interface TargetFault {
  id: string | null
  message: string
  /** What was typed into a field is wrong, and said there. */
  isField: boolean
}

export interface TargetSurvey {
  /** By id, as far as it could be laid out. */
  layouts: ReadonlyMap<string, LayerLayout>
  fault: TargetFault | null
  /** In the order of the flat vector; empty: there is a fault. */
  weighted: readonly WeightedLayout[]
  /** As a document has them, as far as their fields are right. */
  layers: readonly LayerSettings[]
  total: LayerFigures
}

export function surveyTarget(nodes: readonly LayerNode[], { input }: DataShape, kinds: LayerKinds): TargetSurvey {
  const ids = new Map<LayerSettings, string>()
  const layers: LayerSettings[] = []
  let fault: TargetFault | null =
    nodes.length > 0 ? null : { id: null, message: 'It has no layer yet: add one, or start from a target.', isField: false }
  for (const node of nodes) {
    const layer = layerOf(node, kinds, ids)
    if (layer === undefined) {
      fault = fieldFault(node, kinds)
      break
    }
    layers.push(layer)
  }
  const progress: LayoutProgress = { laid: [] }
  let weighted: readonly WeightedLayout[] = []
  try {
    if (layers.length > 0) ({ weighted } = layOut({ input, layers } as Target, kinds, progress))
  } catch (thrown) {
    if (!(thrown instanceof LabError) || progress.fault === undefined) throw thrown
    const { layer, error } = progress.fault
    // Where a field is wrong, the chain ends before it: that it gives no class is no fault of its own.
    fault ??= { id: ids.get(layer) ?? null, message: inLabels(`${error.message} ${error.remedy}`), isField: false }
  }
  const layouts = new Map(progress.laid.map((laid) => [ids.get(laid.layer) ?? '', laid]))
  return { layouts, fault, weighted, layers, total: figuresOf(nodes.flatMap(({ id }) => layouts.get(id) ?? [])) }
}

export function figuresOf(chain: readonly LayerLayout[]): LayerFigures {
  const { operations, activations } = imageCosts({ layers: chain })
  const [height, width, channels] = chain.at(-1)?.output ?? [0, 0, 0]
  return {
    output: height === 1 && width === 1 ? String(channels) : [height, width, channels].join(' \u00d7 '),
    weights: chain.reduce((sum, { size }) => sum + size, 0),
    multiplyAdds: operations / 2,
    bytes: Float32Array.BYTES_PER_ELEMENT * activations,
  }
}

/** The output's setting that is as large as there are classes; null: the last layer gives none. */
export function outputWidth(nodes: readonly LayerNode[], kinds: LayerKinds): { id: string; key: string; title: string } | null {
  const last = nodes.at(-1)
  if (last === undefined) return null
  const definition = kinds[last.kind]
  const fields = fieldsOf(definition)
  // Whatever number is being typed into it, it stays the output.
  const numbers = fields.filter(({ type }) => type === 'whole').map(({ key }): [string, string] => [key, '1'])
  const layer = settingsOf(definition, { ...last, typed: { ...last.typed, ...Object.fromEntries(numbers) } })
  const key = layer === undefined || definition.canEnd?.(layer) !== true ? undefined : widthKeyOf(definition, layer)
  const title = fields.find((facts) => facts.key === key)?.title
  return key === undefined || title === undefined ? null : { id: last.id, key, title }
}

/** A layer as a document has it. @param ids receives the id of each @returns undefined: a field of it, or of what it holds, is wrong */
export function layerOf(node: LayerNode, kinds: LayerKinds, ids: Map<LayerSettings, string> = new Map()): LayerSettings | undefined {
  const definition: LayerKind = kinds[node.kind]
  const settings = settingsOf(definition, node)
  const chains = node.chains.map((chain) => chain.flatMap((inner) => layerOf(inner, kinds, ids) ?? []))
  const isWhole = chains.every((chain, i) => chain.length === node.chains[i].length)
  const isEmpty = chainFactsOf(definition).some(({ emptyFault }, i) => emptyFault !== null && chains[i].length === 0)
  if (settings === undefined || !isWhole || isEmpty) return undefined
  const layer = { ...settings, ...Object.fromEntries((definition.chains ?? []).map((key, i) => [key, chains[i]])) }
  ids.set(layer, node.id)
  return layer
}

/** The first field that is wrong, or chain that is empty, of a layer or of what it holds. */
function fieldFault(node: LayerNode, kinds: LayerKinds): TargetFault | null {
  for (const { id, kind, typed, chains } of allNodes([node])) {
    const empty = chainFactsOf(kinds[kind]).find(({ emptyFault }, i) => emptyFault !== null && chains[i].length === 0)
    if (empty !== undefined) return { id, message: empty.emptyFault ?? '', isField: false }
    for (const facts of fieldsOf(kinds[kind])) {
      const message = faultOf(facts, typed[facts.key])
      if (message !== null) return { id, message: `${facts.title}: ${message}`, isField: true }
    }
  }
  return null
}
