/** A target's topology in Keras' terms: a list of layers, or a graph of them where it branches. */
import type { KerasGraph } from '../../../layers/exports.ts'
import type { LayerLayout, TargetLayout } from '../../../shared/target-layout.ts'

interface KerasLayer {
  class_name: string
  config: Record<string, unknown>
  inputs: readonly string[]
}

const images = 'images'

export function kerasModel({ target, layers }: TargetLayout): { class_name: string; config: object } {
  const { height, width, channels } = target.input
  const shape = [null, height, width, channels]
  const graph = new Graph()
  graph.addChain(layers)
  const added = graph.layers
  const branches = added.some(({ inputs }, i) => inputs.length > 1 || inputs[0] !== (i === 0 ? images : added[i - 1].config.name))
  if (!branches) {
    const list = added.map(({ class_name, config }, i) => ({
      class_name,
      config: i === 0 ? { ...config, batch_input_shape: shape } : config,
    }))
    return { class_name: 'Sequential', config: { name: 'network', layers: list } }
  }
  const node = (name: string) => [name, 0, 0, {}]
  const input = {
    class_name: 'InputLayer',
    name: images,
    config: { name: images, batch_input_shape: shape, dtype: 'float32' },
    inbound_nodes: [],
  }
  const others = added.map(({ class_name, config, inputs }) => ({
    class_name,
    name: config.name,
    config,
    inbound_nodes: [inputs.map(node)],
  }))
  const ends = { input_layers: [[images, 0, 0]], output_layers: [[graph.current, 0, 0]] }
  return { class_name: 'Model', config: { name: 'network', layers: [input, ...others], ...ends } }
}

class Graph implements KerasGraph {
  current = images
  readonly layers: KerasLayer[] = []
  /** Number of the layer that is being added. */
  #number = 0

  add(className: string, prefix: string, config: Readonly<Record<string, unknown>>, inputs: readonly string[] = [this.current]): void {
    const name = this.#unique(`${prefix}_${this.#number}`)
    this.layers.push({ class_name: className, config: { name, ...config }, inputs })
    this.current = name
  }

  addChain(chain: readonly LayerLayout[]): void {
    for (const one of chain) {
      const { definition, layer, input, inputIsFlat, isOutput, index, arrays, chains } = one
      if (definition.places === 'flattens' && !inputIsFlat) this.#flatten()
      // A layer without arrays goes by the number of the one before.
      this.#number = one.statistics.length > 0 ? one.statisticsIndex : arrays.length > 0 ? index : Math.max(0, index - 1)
      definition.keras(
        this,
        layer,
        isOutput,
        chains.map((inner) => () => this.addChain(inner)),
        input,
      )
    }
  }

  #flatten(): void {
    const name = this.#unique('flatten')
    this.layers.push({ class_name: 'Flatten', config: { name, trainable: false }, inputs: [this.current] })
    this.current = name
  }

  #unique(name: string): string {
    const taken = (one: string): boolean => this.layers.some(({ config }) => config.name === one)
    let unique = name
    for (let i = 2; taken(unique); i++) unique = `${name}_${i}`
    return unique
  }
}
