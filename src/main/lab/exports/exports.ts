/** Networks taken out of the lab: one that was sampled, a distilled student, an ensemble, or what makes them. */
import { newestFirst, ofKind } from '../../../analyses/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import { isEnsemble, type ExportSubject } from '../../../shared/export-subject.ts'
import { bytes as inBytes, count } from '../../../shared/wording.ts'
import { referenceInWords } from '../../../shared/reference-batch.ts'
import { exportedGenerator } from '../../../methods/exported-generator.ts'
import { methodOf } from '../../../methods/registry.ts'
import { writeOutput } from '../../store/files/output.ts'
import { layOut } from '../../../shared/target-layout.ts'
import type { Target } from '../../../shared/experiment.ts'
import { dataNotes } from '../formats/data-notes.ts'
import { writeReadable } from './output.ts'
import type { ChosenNetworks, NetworkChoice } from '../runs/network-choice.ts'
import { nameArrays, writeArrays } from '../formats/named-arrays.ts'
import { onnxEnsemble, onnxGenerator, onnxModel } from '../formats/onnx.ts'
import { writeTfjs } from '../formats/tfjs.ts'
import { writeTfjsGenerator } from '../formats/tfjs-generator.ts'
import type { LabContext } from '../context/lab-context.ts'
import type { RunService } from '../runs/runs.ts'
import type { SamplingService, WeightFormat } from '../results/sampling.ts'
import { LabService } from '../context/lab-service.ts'

export type ExportFormat = WeightFormat | 'tfjs' | 'onnx'

export const exportFormats: readonly ExportFormat[] = ['tfjs', 'onnx', 'npz', 'safetensors']

export interface ExportRequest extends NetworkChoice {
  what: ExportSubject
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

/** Images on which a file is compared with the network; of an ensemble fewer, as each of its networks is asked. */
const checkedImages = (networks: number): number => Math.max(2, Math.min(8, Math.floor(200 / networks)))
/** Latent vectors at which a file of what makes networks is compared with it. */
const checkedVectors = 4
/** Bytes of the weights of an ensemble in one file: ONNX ends at 2 GB. */
const largestEnsemble = 1e9
/** Networks of an ensemble in one file: with more, programs that load it take minutes over its graph. */
const mostMembers = 2000

/** @throws LabError `invalid-argument` where a subject is not written in a format */
export function assertFormat(what: ExportSubject, format: ExportFormat): void {
  if (isEnsemble(what) && format !== 'onnx')
    throw new LabError('invalid-argument', `An ensemble cannot be written as ${format}.`, 'Choose onnx.')
  if (isEnsemble(what) && what.ensemble > mostMembers)
    throw new LabError(
      'invalid-argument',
      `An ensemble in one file has ${count(mostMembers)} networks at most, not ${count(what.ensemble)}.`,
      'Take fewer networks.',
    )
}

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
    const { format, what } = request
    assertFormat(what, format)
    if (what === 'hypernetwork') return this.#generator(id, request)
    const source = await this.#source(id, what, request)
    const { target, weights } = source
    const { reference } = target
    const statistics = reference === undefined ? {} : { statistics: referenceInWords(reference) }
    const metadata = { ...source.metadata, ...statistics, data: this.#dataOf(id) }
    const layout = layOut(target)
    const pixels = await this.#pixels(id, target, checkedImages(weights.length / layout.completeCount))
    const checked = await writeChecked(request, async (path) => {
      if (format === 'tfjs') await writeTfjs(path, layout, weights, metadata)
      else if (format === 'onnx') await writeModel(path, (isEnsemble(what) ? onnxEnsemble : onnxModel)(layout, weights, metadata))
      else await writeArrays(path, format, nameArrays(layout, weights), metadata)
      return this.context.thread.run('check', { path, format, target, weights, pixels })
    })
    return { path: request.path, format, weights: (weights.length / layout.completeCount) * layout.weightCount, checked }
  }

  #dataOf(id: string): string {
    const { data } = this.context.runs.get(id).document
    return dataNotes(this.context.store.datasets.get(data.id), data)
  }

  /** What makes the networks of a checkpoint: as a model from latent vectors to weights, or its arrays. */
  #generator(id: string, request: ExportRequest): Promise<ExportOutcome> {
    const { format } = request
    return this.context.runs.using(id, request, async ({ run, checkpoint, seed }) => {
      const { document, state, record } = checkpoint
      const { target, method } = document
      const layout = layOut(target)
      const generator = await exportedGenerator(method, layout, state)
      if (generator === null)
        throw new LabError(
          'invalid-argument',
          `Run ${run.id} has no hypernetwork: its networks are made by ${methodOf(method).title}.`,
          'Export single networks of it, or an ensemble.',
        )
      const { latent, arrays } = generator
      const z = Float32Array.from({ length: checkedVectors * latent }, (_, i) => Math.sin(i + 1))
      const weights = new Float32Array(checkedVectors * layout.weightCount)
      for (let i = 0; i < checkedVectors; i++) {
        const one = z.subarray(i * latent, (i + 1) * latent)
        weights.set(await this.context.sampling.inMemory(run, checkpoint, { seed, first: 0, count: 1, z: one }), i * layout.weightCount)
      }
      const metadata = {
        run: run.id,
        checkpoint: record.hash,
        latent: `${latent} numbers, each drawn evenly from -1 to 1`,
        document: JSON.stringify(document),
        data: this.#dataOf(id),
      }
      const checked = await writeChecked(request, async (path) => {
        if (format === 'tfjs') await writeTfjsGenerator(path, generator, metadata)
        else if (format === 'onnx') await writeModel(path, onnxGenerator(generator, metadata))
        else await writeArrays(path, format, arrays, metadata)
        const compared = format === 'npz' || format === 'safetensors' ? arrays : []
        return this.context.thread.run('checkGenerator', { path, format, target, arrays: compared, z, weights })
      })
      const numbers = arrays.reduce((sum, { values }) => sum + values.length, 0)
      return { path: request.path, format, weights: numbers, checked }
    })
  }

  /** Some images of the run's data, with values from 0 to 1. */
  async #pixels(id: string, { input }: Target, most: number): Promise<Float32Array> {
    const { document } = this.context.runs.get(id)
    const images = Math.min(most, document.data.split.train)
    const pixels = await this.context.store.datasets.pixels(
      document.data,
      Array.from({ length: images }, (_, i) => i),
    )
    const size = input.height * input.width * input.channels
    return Float32Array.from(pixels.subarray(0, images * size), (value) => value / 255)
  }

  #source(id: string, what: Exclude<ExportSubject, 'hypernetwork'>, request: NetworkChoice): Promise<Source> {
    if (what === 'student') return this.#student(id)
    if ('student' in what) return this.#student(id, what.student)
    const [first, count] = 'network' in what ? [what.network, 1] : [0, what.ensemble]
    return this.context.runs.using(id, request, (chosen) => this.#sampled(chosen, first, count))
  }

  async #sampled({ run, checkpoint, seed }: ChosenNetworks, first: number, members: number): Promise<Source> {
    const { target } = checkpoint.document
    const bytes = members * layOut(target).completeCount * Float32Array.BYTES_PER_ELEMENT
    if (bytes > largestEnsemble)
      throw new LabError(
        'invalid-argument',
        `${count(members)} networks of this target have ${inBytes(bytes)} of weights, and one file takes ${inBytes(largestEnsemble)} at most.`,
        'Take fewer networks.',
      )
    const weights = await this.context.sampling.completeInMemory(run, checkpoint, { seed, first, count: members })
    return {
      target,
      weights,
      metadata: {
        run: run.id,
        checkpoint: checkpoint.record.hash,
        seed: String(seed),
        index: members === 1 ? String(first) : `0 to ${members - 1}`,
        target: JSON.stringify(target),
      },
    }
  }

  async #student(id: string, key?: number): Promise<Source> {
    const run = this.context.runs.get(id)
    const { results } = this.context.store
    const students = ofKind(results.list(run.id, { kind: 'distillation' }), 'distillation')
    const student = key === undefined ? newestFirst(students).at(0) : students.find(({ id }) => id === key)
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

const writeChecked = ({ format, path }: ExportRequest, write: (path: string) => Promise<string>): Promise<string> =>
  format === 'tfjs' ? write(path) : writeReadable(path, write)

const writeModel = (path: string, model: Uint8Array): Promise<void> => writeOutput(path, model, 'write the ONNX model')
