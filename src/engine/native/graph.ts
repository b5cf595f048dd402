/** A recorded graph at work: each run is one call of TensorFlow, whatever the graph holds. */
import { defect } from '../../shared/errors.ts'
import { graphBinding, type GraphBinding } from './native.ts'
import { Recorder, type RecordedGraph } from './recorder.ts'

/** Hands a model to TensorFlow, which reads it from a folder: files are not the engine's. @param load takes the folder */
export type LoadModel = (model: Uint8Array, load: (folder: string) => number) => number

export class Graph {
  readonly #binding: GraphBinding = graphBinding()
  readonly #recorded: RecordedGraph
  readonly #id: number

  /** @param record says what the graph does */
  constructor(record: (recorder: Recorder) => void, loadModel: LoadModel) {
    const recorder = new Recorder()
    record(recorder)
    this.#recorded = recorder.finish()
    this.#id = loadModel(this.#recorded.model, (folder) => this.#binding.loadSavedModel(folder, 'weightscape'))
  }

  /** How often each op stands in it. */
  get ops(): ReadonlyMap<string, number> {
    return this.#recorded.ops
  }

  /**
   * Runs what the outputs need.
   * @param feeds every array that they need, by its name
   * @returns the outputs, float32, in the order of their names
   */
  run(feeds: Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>, ...outputs: readonly string[]): Float32Array[] {
    const binding = this.#binding
    const inputs = Object.entries(feeds).map(([name, values]) => {
      const { shape, dtype } = this.#recorded.feeds[name]
      const rest = shape.reduce((product, side) => product * Math.abs(side), 1) // one side may be -1
      return binding.createTensor(
        shape.map((side) => (side === -1 ? values.length / rest : side)),
        dtype,
        values,
      )
    })
    try {
      const names = Object.keys(feeds).map((name) => `${name}:0`)
      const results = binding.runSavedModel(this.#id, inputs, names.join(), outputs.map((name) => this.#recorded.outputs[name]).join())
      return results.map(({ id }) => {
        const values = binding.tensorDataSync(id)
        binding.deleteTensor(id)
        if (!(values instanceof Float32Array)) throw defect('A graph gave something else than floating-point numbers.')
        return values
      })
    } finally {
      for (const id of inputs) binding.deleteTensor(id)
    }
  }

  close(): void {
    this.#binding.deleteSavedModel(this.#id)
  }
}
