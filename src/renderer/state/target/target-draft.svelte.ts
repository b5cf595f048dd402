/** The target of an experiment that is being put together: its layers as they were typed, and what a person does with them. */
import type { z } from 'zod'
import { optionFacts, type OptionFacts } from '../../../analyses/option-facts.ts'
import { readOption } from '../../../analyses/read-option.ts'
import { chainsOf, type LayerKind, type LayerSettings, type Shape } from '../../../layers/layer-kind.ts'
import { chainWords, layerKinds, type LayerKinds } from '../../../layers/registry.ts'
import { followTarget, listedFor, type LayerMembers } from '../../../methods/follow-target.ts'
import type { ByLayerMember } from '../../../methods/method.ts'
import { methodOf } from '../../../methods/registry.ts'
import type { ParamsOf } from '../../../shared/contract.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { startingTargets } from '../../../shared/starting-targets.ts'
import { isWeighted, layOut, type LayoutProgress } from '../../../shared/target-layout.ts'
import { faultOf, fieldsOf, inField, leastOf, hasWeights, typedOf } from './layer-fields.ts'
import * as tree from './layer-nodes.ts'
import { figuresOf, layerOf, outputWidth, surveyTarget, type DataShape, type LayerFigures, type TargetFault } from './target-survey.ts'

type Chain = readonly tree.LayerNode[]

/** What the rest of the experiment says of its target. */
export interface TargetHost {
  /** Null: nothing was changed. */
  layers: Chain | null
  /** The experiment where nothing was changed, fitted to the data set; null: not known yet. */
  readonly given: Experiment | null
  readonly method: Experiment['method']
  readonly shape: DataShape
  changed(): void
}

/** Changes that can be taken back. */
const remembered = 100

export class TargetDraft {
  /** Layers that show their fields and what they hold. */
  open = $state.raw<ReadonlySet<string>>(new Set())
  readonly #host: TargetHost
  readonly #kinds: LayerKinds
  #serial: number
  /** What there was before each change, the last one at the end; what is typed into a field is one. */
  #before: { layers: Chain | null; field: string }[] = []

  constructor(host: TargetHost, kinds: LayerKinds = layerKinds) {
    this.#host = host
    this.#kinds = kinds
    this.#serial = Math.max(0, ...tree.allNodes(host.layers ?? []).map(({ id }) => Number(id.replace(/^new\./, '')) || 0))
  }

  readonly #raw = $derived.by(() => this.#host.layers ?? this.#nodesOf(this.#host.given))
  /** The setting that follows from the number of classes. */
  readonly output = $derived.by(() => outputWidth(this.#raw, this.#kinds))
  readonly nodes = $derived.by((): Chain => {
    const { output } = this
    const classes = String(this.#host.shape.classes)
    return output === null
      ? this.#raw
      : tree.changeNode(this.#raw, output.id, (node) => ({ ...node, typed: { ...node.typed, [output.key]: classes } }))
  })
  readonly survey = $derived.by(() => surveyTarget(this.nodes, this.#host.shape, this.#kinds))
  readonly #starts = $derived.by(() => {
    const { input, classes } = this.#host.shape
    return new Map(startingTargets.map(({ key, targetOf }) => [inOrder(targetOf(input, classes).layers), key]))
  })
  /** Key of the starting target that this is. */
  readonly startedFrom = $derived.by(() => this.#starts.get(inOrder(this.survey.layers)))
  readonly #byLayer = $derived.by(() => methodOf(this.#host.method).byLayer ?? [])
  /** Of fields for what the method lists for a layer, beside the layer's own. */
  readonly #memberFacts = $derived.by(() => this.#byLayer.flatMap(({ schema }) => optionFacts({ options: schema })))
  readonly fault = $derived.by(() => this.survey.fault ?? this.#memberFault())

  get isChanged(): boolean {
    return this.#host.layers !== null
  }

  /** Kinds to choose from. */
  get kinds(): LayerKind[] {
    return Object.values(this.#kinds)
  }

  /** Why it cannot be; null: it can, or nothing was changed. */
  get error(): LabError | null {
    if (!this.isChanged || this.fault === null) return null
    const { id, message } = this.fault
    return new LabError('invalid-argument', id === null ? message : `Layer ${this.numberOf(id)}: ${message}`, 'Change the target network.')
  }

  /** As the lab is asked; empty: nothing was changed. */
  get settings(): NonNullable<ParamsOf<'experiments.plan'>['settings']> {
    if (!this.isChanged || this.fault !== null) return []
    const { layers, layouts, weighted } = this.survey
    const members = new Map(tree.allNodes(this.nodes).map((node) => [layouts.get(node.id)?.layer, this.#members(node)]))
    const chosen = weighted.map(({ layer }) => members.get(layer))
    return [
      { key: 'target.layers', value: layers as unknown as z.core.util.JSONType },
      ...followTarget(this.#host.method, { weighted }, chosen),
    ]
  }

  definitionOf({ kind }: { kind: string }): LayerKind {
    return this.#kinds[kind]
  }

  /** As it is counted: 3, or 3.2 for the second that the third holds. */
  numberOf(id: string): string {
    const place = tree.placeOf(this.nodes, id)
    if (place === undefined || place.holder === null) return String((place?.index ?? 0) + 1)
    const chains = tree.findNode(this.nodes, place.holder)?.chains.length ?? 1
    return [this.numberOf(place.holder), ...(chains > 1 ? [place.chain + 1] : []), place.index + 1].join('.')
  }

  wordsOf(node: tree.LayerNode): string {
    const definition = this.definitionOf(node)
    const layer = this.survey.layouts.get(node.id)?.layer ?? layerOf(node, this.#kinds)
    const words = layer === undefined ? definition.title : definition.words(layer, chainsOf(definition, layer).map(chainWords))
    return words[0].toUpperCase() + words.slice(1)
  }

  /** What it holds, in words; empty: nothing. */
  insideOf(node: tree.LayerNode): string {
    const layer = this.survey.layouts.get(node.id)?.layer
    const chains = layer === undefined ? [] : chainsOf(this.definitionOf(node), layer).filter((chain) => chain.length > 0)
    return chains.map((chain) => chainWords(chain).join(' \u2192 ')).join('; ')
  }

  figuresOf(id: string): LayerFigures | null {
    const layout = this.survey.layouts.get(id)
    return layout === undefined ? null : figuresOf([layout])
  }

  faultAt(id: string): TargetFault | null {
    return this.fault?.id === id ? this.fault : null
  }

  /** Fields of a layer: its kind's settings, but what follows from the data set, and what the method lists for it. */
  factsOf(node: tree.LayerNode): OptionFacts[] {
    const { output } = this
    const own = fieldsOf(this.definitionOf(node)).filter(({ key }) => node.id !== output?.id || key !== output.key)
    return hasWeights(this.definitionOf(node), node) ? [...own, ...this.#memberFacts] : own
  }

  textOf({ members, typed }: tree.LayerNode, key: string): string {
    return (this.#listOf(key) === undefined ? typed[key] : members[key]) ?? ''
  }

  /** What holds where a field is empty. */
  standardOf({ id }: tree.LayerNode, { key, default: standard }: OptionFacts): string {
    const list = this.#listOf(key)
    if (list === undefined) return standard === undefined ? '' : inField(standard)
    const layout = this.survey.layouts.get(id)
    return layout === undefined || !isWeighted(layout) ? '' : inField(list.memberOf(layout))
  }

  /** By which formula a field that is empty follows from its layer. */
  formulaOf({ members }: tree.LayerNode, key: string): string | undefined {
    return (members[key] ?? '').trim() === '' ? this.#listOf(key)?.formula : undefined
  }

  errorOf(node: tree.LayerNode, facts: OptionFacts): string | null {
    if (this.#listOf(facts.key) === undefined) return faultOf(facts, node.typed[facts.key])
    return faultOf({ ...facts, optional: true }, node.members[facts.key])
  }

  type(id: string, key: string, text: string): void {
    this.#replace(
      tree.changeNode(this.nodes, id, (node) =>
        this.#listOf(key) === undefined
          ? { ...node, typed: { ...node.typed, [key]: text } }
          : { ...node, members: { ...node.members, [key]: text } },
      ),
      `${id} ${key}`,
    )
  }

  toggle(id: string): void {
    this.open = new Set(this.open.has(id) ? [...this.open].filter((other) => other !== id) : [...this.open, id])
  }

  /**
   * Adds a layer of a kind, like the nearest that is there, else as a starting target has it.
   * @param place index left out: where such a layer can be last
   * @returns its id
   */
  add(kind: string, place: Omit<tree.NodePlace, 'index'> & { index?: number }): string {
    const index = place.index ?? this.#lastPlaceFor(this.#kinds[kind], place)
    return this.#insert({ ...place, index }, this.#example(kind, { ...place, index }), true)
  }

  /** Adds the layer that gives the classes, where there is none. @returns its id */
  addOutput(): string {
    const { input, classes } = this.#host.shape
    const output = startingTargets[0].targetOf(input, classes).layers.at(-1)!
    return this.#insert(
      { holder: null, chain: 0, index: this.nodes.length },
      this.#nodeOf(output, () => ''),
    )
  }

  /** @returns the copy's id */
  duplicate(id: string): string {
    const place = tree.placeOf(this.nodes, id)!
    return this.#insert({ ...place, index: place.index + 1 }, tree.findNode(this.nodes, id)!)
  }

  /** @returns takes it back, whatever was done meanwhile */
  remove(id: string): () => void {
    const node = tree.findNode(this.nodes, id)!
    const place = tree.placeOf(this.nodes, id)!
    this.#replace(tree.removeNode(this.nodes, id))
    return () => {
      if (tree.findNode(this.nodes, id) !== undefined) return
      const isThere = place.holder === null || tree.findNode(this.nodes, place.holder) !== undefined
      this.#replace(tree.insertNode(this.nodes, isThere ? place : { ...place, holder: null }, node))
    }
  }

  /** @returns whether it could */
  move(id: string, by: -1 | 1): boolean {
    return this.#moved((nodes) => tree.moveNode(nodes, id, by, (other) => this.open.has(other)))
  }

  /** @returns whether it could */
  putBeside(id: string, other: string, side: tree.Side): boolean {
    return this.#moved((nodes) => tree.putBeside(nodes, id, other, side))
  }

  /** Behind all others of a chain that a layer holds. @returns whether it could */
  putLast(id: string, place: { holder: string; chain: number }): boolean {
    return this.#moved((nodes) => tree.putLast(nodes, id, place))
  }

  #moved(move: (nodes: Chain) => Chain): boolean {
    const { nodes } = this
    const moved = move(nodes)
    if (moved === nodes) return false
    this.#replace(moved)
    return true
  }

  /** @param key of a starting target; null: as in the preset or document @returns takes it back */
  startFrom(key: string | null): () => void {
    const { layers } = this.#host
    const { input, classes } = this.#host.shape
    const target = startingTargets.find((one) => one.key === key)?.targetOf(input, classes)
    this.open = new Set()
    this.#replace(target?.layers.map((layer) => this.#nodeOf(layer, this.#name)) ?? null)
    return () => this.#replace(layers)
  }

  /** Takes the last change back. @returns whether there was one */
  undo(): boolean {
    const last = this.#before.pop()
    if (last === undefined) return false
    this.#host.layers = last.layers
    this.#host.changed()
    return true
  }

  readonly #name = (): string => `new.${++this.#serial}`

  #insert(place: tree.NodePlace, node: tree.LayerNode, open = false): string {
    const added = tree.renamed(node, this.#name)
    this.#replace(tree.insertNode(this.nodes, place, added))
    if (open) this.toggle(added.id)
    return added.id
  }

  #replace(nodes: Chain | null, field = ''): void {
    if (field === '' || field !== this.#before.at(-1)?.field) {
      this.#before = [...this.#before, { layers: this.#host.layers, field }].slice(-remembered)
    }
    this.#host.layers = nodes
    this.#host.changed()
  }

  #nodesOf(given: Experiment | null): Chain {
    if (given === null) return []
    const progress: LayoutProgress = { laid: [] }
    layOut(given.target, this.#kinds, progress)
    const byObject = new Map(progress.laid.filter(isWeighted).map(({ layer, index }) => [layer, listedFor(given.method, index)]))
    let next = 0
    return given.target.layers.map((layer) =>
      this.#nodeOf(
        layer,
        () => `given.${next++}`,
        (one) => byObject.get(one) ?? {},
      ),
    )
  }

  #nodeOf(layer: LayerSettings, name: () => string, membersOf: (layer: LayerSettings) => LayerMembers = () => ({})): tree.LayerNode {
    const definition = this.definitionOf(layer)
    const chains = chainsOf(definition, layer).map((chain) => chain.map((inner) => this.#nodeOf(inner, name, membersOf)))
    const members = Object.fromEntries(Object.entries(membersOf(layer)).map(([key, value]) => [key, inField(value ?? '')]))
    return { id: name(), kind: layer.kind, typed: typedOf(definition, layer), members, chains }
  }

  #listOf(key: string) {
    return this.#byLayer.find((list) => list.key === key)
  }

  #members({ members }: tree.LayerNode): LayerMembers {
    const read = this.#memberFacts.flatMap((facts) => {
      const text = members[facts.key] ?? ''
      const found = text.trim() === '' ? {} : readOption(facts, text)
      return 'value' in found ? [[facts.key, found.value as ByLayerMember] as const] : []
    })
    return Object.fromEntries(read)
  }

  #memberFault(): TargetFault | null {
    for (const facts of this.#memberFacts) {
      for (const node of tree.allNodes(this.nodes)) {
        const message = this.errorOf(node, facts)
        if (message !== null) return { id: node.id, message: `${facts.title}: ${message}`, isField: true }
      }
    }
    return null
  }

  /** Before those that leave one place or none, where it needs them, and before the output; what works on the images, first. */
  #lastPlaceFor({ places, ofImages }: LayerKind, place: Omit<tree.NodePlace, 'index'>): number {
    if (ofImages !== undefined) return 0
    const nodes = tree.chainAt(this.nodes, place)
    const isOnePlace = ([height, width]: Shape) => height * width === 1
    const flat = nodes.findIndex(
      ({ id, kind }) => this.#kinds[kind].places === 'flattens' || isOnePlace(this.survey.layouts.get(id)?.output ?? [0, 0, 0]),
    )
    if (places === 'needs' && flat !== -1) return flat
    return nodes.at(-1)?.id === this.output?.id ? nodes.length - 1 : nodes.length
  }

  #example(kind: string, place: tree.NodePlace): tree.LayerNode {
    const isExample = (node: tree.LayerNode) => node.kind === kind && node.id !== this.output?.id
    const before = tree.chainAt(this.nodes, place).slice(0, place.index)
    const here = before.findLast(isExample) ?? tree.allNodes(this.nodes).find(isExample)
    if (here !== undefined) return { ...here, members: {} }
    const { input, classes } = this.#host.shape
    const inside = (layer: LayerSettings): LayerSettings[] => [layer, ...chainsOf(this.definitionOf(layer), layer).flat().flatMap(inside)]
    const known = startingTargets.flatMap(({ targetOf }) => targetOf(input, classes).layers.slice(0, -1).flatMap(inside))
    const found = known.find((layer) => layer.kind === kind)
    if (found !== undefined) return this.#nodeOf(found, () => '')
    const definition = this.#kinds[kind]
    return { id: '', kind, typed: leastOf(definition), members: {}, chains: (definition.chains ?? []).map(() => []) }
  }
}

/** Layers as a text that is the same in whichever order their settings stand. */
const inOrder = (layers: readonly LayerSettings[]): string =>
  JSON.stringify(layers, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  )
