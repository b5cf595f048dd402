/** A file of what makes networks is read again, and what it makes of some latent vectors compared with what is sampled from them. */
import { readFile } from 'node:fs/promises'
import { LabError, messageOf } from '../../../../shared/errors.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut } from '../../../../shared/target-layout.ts'
import type { NamedArray } from '../../../../layers/exports.ts'
import { parseTensors } from '../../../store/files/safetensors.ts'
import { differInWords, largestDifference } from './largest-difference.ts'
import { readNpz } from './read-npz.ts'
import { followOnnx } from './run-onnx.ts'
import { readOnnx } from '../onnx-graph/read-onnx.ts'
import { runTfjsGenerator, tfjsVersion } from './run-tfjs.ts'

export interface GeneratorCheck {
  /** File; folder for `tfjs`. */
  path: string
  format: 'tfjs' | 'onnx' | 'npz' | 'safetensors'
  target: Target
  /** Of its file as arrays: what was to be written. */
  arrays: readonly NamedArray[]
  /** [count, latent] */
  z: Float32Array
  /** What is sampled from these, [count, weights]. */
  weights: Float32Array
}

/** Largest difference, as a share of the largest number of its array: of float32 sums in another order. */
const tolerance = 1e-5

/** @returns how it was checked, in words @throws LabError `corrupt` when the file says something else */
export async function checkGenerator(request: GeneratorCheck): Promise<string> {
  const { path, format } = request
  let largest: number
  try {
    largest =
      format === 'onnx' || format === 'tfjs' ? await generated(request) : kept(format, new Uint8Array(await readFile(path)), request.arrays)
  } catch (cause) {
    throw damaged(path, `it could not be read again (${messageOf(cause)})`, cause)
  }
  if (!(largest <= tolerance)) throw damaged(path, `its weights ${differInWords(largest, ' of the largest')}`)
  if (format === 'npz' || format === 'safetensors') return `Loaded again with a reader of ${format} files: every array is as it was.`
  const { weightCount } = layOut(request.target)
  const count = request.weights.length / weightCount
  const by = format === 'tfjs' ? `TensorFlow.js ${await tfjsVersion()}` : 'a reader of ONNX graphs'
  return `Loaded again with ${by}: the weights of ${count} networks ${largest === 0 ? 'are those of sampled ones to the bit' : `differ from sampled ones by at most ${largest.toExponential(0)} of the largest of their array`}.`
}

async function generated({ path, format, target, z, weights }: GeneratorCheck): Promise<number> {
  const { weighted, weightCount } = layOut(target)
  const count = weights.length / weightCount
  const made =
    format === 'tfjs'
      ? await runTfjsGenerator(path, z, count)
      : followOnnx(readOnnx(new Uint8Array(await readFile(path))), { shape: [count, z.length / count], values: z })
  let largest = 0
  for (const { index, arrays } of weighted) {
    for (const { name, offset, size } of arrays) {
      const { values } = made[`layers.${index}.${name}`]
      for (let n = 0; n < count; n++) {
        const from = n * weightCount + offset
        largest = Math.max(largest, shareOff(values.subarray(n * size, (n + 1) * size), weights.subarray(from, from + size)))
      }
    }
  }
  return largest
}

function kept(format: 'npz' | 'safetensors', file: Uint8Array, arrays: readonly NamedArray[]): number {
  const found = format === 'npz' ? readNpz(file) : parseTensors(file, (words) => new Error(words)).arrays
  return arrays.reduce((largest, { name, shape, values }) => {
    const array = found[name]
    if (array?.shape.join() !== shape.join()) throw new Error(`${name} is not there as [${shape.join()}]`)
    return Math.max(largest, shareOff(array.data, values))
  }, 0)
}

/** How far they differ, as a share of the largest of what is wanted. */
const shareOff = (found: ArrayLike<number>, wanted: Float32Array): number =>
  largestDifference(found, wanted) / (wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1)

const damaged = (path: string, found: string, cause?: unknown): LabError =>
  new LabError(
    'corrupt',
    `${path} does not hold what makes the networks: ${found}.`,
    'Export it again; if that repeats, report it as a defect.',
    {
      cause,
    },
  )
