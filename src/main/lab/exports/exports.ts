/** One network taken out of the lab: a sampled one, or a distilled student. */
import { ofKind } from '../../../analyses/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { Target } from '../../../shared/experiment.ts'
import { dataNotes } from '../formats/data-notes.ts'
import { writeReadable } from './output.ts'
import type { ChosenNetworks, NetworkChoice } from '../runs/network-choice.ts'
import { nameArrays, writeArrays } from '../formats/named-arrays.ts'
import { writeOnnx } from '../formats/onnx.ts'
import { writeTfjs } from '../formats/tfjs.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { RunService } from '../runs/runs.ts'
import type { SamplingService, WeightFormat } from '../results/sampling.ts'
import { LabService } from '../context/lab-service.ts'

export type ExportFormat = WeightFormat | 'tfjs' | 'onnx'

export const exportFormats: readonly ExportFormat[] = ['tfjs', 'onnx', 'npz', 'safetensors']

export interface ExportRequest extends NetworkChoice {
  /** Index of a sampled network, a student by its id, or the newest one. */
  what: { network: number } | { student: number } | 'student'
  format: ExportFormat
  /** File; folder for `tfjs`. */
  path: string
}

export interface ExportOutcome {
  path: string
  format: ExportFormat
  weights: number
  /** How the file was checked after it was written, in words. */
  checked: string
}

/** Images on which a file is compared with the network. */
const checkedImages = 8

interface Source {
  target: Target
  weights: Float32Array
  /** Where it comes from, written into the file. */
  metadata: Record<string, string>
}

export class ExportService extends LabService<LabContext & { runs: RunService; sampling: SamplingService }> {
  /**
   * Writes a network, reads it again by other means and compares what it says of some images.
   * @throws LabError `not-found` when there is no such student, `disk`, `corrupt` when the file does not hold the network
   */
  async toFile(id: string, request: ExportRequest): Promise<ExportOutcome> {
    const source = await this.#source(id, request)
    const { target, weights } = source
    const { data } = this.context.runs.get(id).document
    const metadata = { ...source.metadata, data: dataNotes(this.context.store.datasets.get(data.id), data) }
    const layout = layOut(target)
    const { format } = request
    const pixels = await this.#pixels(id, target)
    const write = async (path: string): Promise<string> => {
      if (format === 'tfjs') await writeTfjs(path, layout, weights, metadata)
      else if (format === 'onnx') await writeOnnx(path, layout, weights, metadata)
      else await writeArrays(path, format, nameArrays(layout, weights), metadata)
      return this.context.thread.run('check', { path, format, target, weights, pixels })
    }
    const checked = await (format === 'tfjs' ? write(request.path) : writeReadable(request.path, write))
    return { path: request.path, format, weights: weights.length, checked }
  }

  /** Some images of the run's data, with values from 0 to 1. */
  async #pixels(id: string, { input }: Target): Promise<Float32Array> {
    const { document } = this.context.runs.get(id)
    const count = Math.min(checkedImages, document.data.split.train)
    const pixels = await this.context.store.datasets.pixels(
      document.data,
      Array.from({ length: count }, (_, i) => i),
    )
    const size = input.height * input.width * input.channels
    return Float32Array.from(pixels.subarray(0, count * size), (value) => value / 255)
  }

  #source(id: string, request: ExportRequest): Promise<Source> {
    const { what } = request
    if (what === 'student') return this.#student(id)
    return 'student' in what ? this.#student(id, what.student) : this.#network(id, what.network, request)
  }

  #network(id: string, index: number, choice: NetworkChoice): Promise<Source> {
    return this.context.runs.using(id, choice, (chosen) => this.#sampled(chosen, index))
  }

  async #sampled({ run, checkpoint, seed }: ChosenNetworks, index: number): Promise<Source> {
    const weights = await this.context.sampling.inMemory(run, checkpoint, { seed, first: index, count: 1 })
    const { target } = checkpoint.document
    return {
      target,
      weights,
      metadata: {
        run: run.id,
        checkpoint: checkpoint.record.hash,
        seed: String(seed),
        index: String(index),
        target: JSON.stringify(target),
      },
    }
  }

  async #student(id: string, key?: number): Promise<Source> {
    const run = this.context.runs.get(id)
    const { results } = this.context.store
    const students = ofKind(results.list(run.id, { kind: 'distillation' }), 'distillation')
    const student =
      key === undefined ? students.toSorted((a, b) => a.createdAt - b.createdAt).at(-1) : students.find(({ id }) => id === key)
    if (student === undefined) {
      const message = key === undefined ? `${run.id} has no student yet.` : `Student ${key} is not one of ${run.id}.`
      throw new LabError('not-found', message, key === undefined ? 'Distil one first.' : 'See its students.', {
        action: key === undefined ? 'distil' : 'show-run',
        run: run.id,
      })
    }
    const { checkpoint, seed, count, result } = student
    const { target } = result
    const { weights } = await results.arrays(results.get(run.id, student.id))
    const metadata = { run: run.id, checkpoint: String(checkpoint), seed: String(seed), teachers: String(count) }
    return { target, weights: weights.data, metadata: { ...metadata, target: JSON.stringify(target) } }
  }
}
