/**
 * A file of a network is read again by other means than it was written with, and what it says of some
 * images compared with what the network says: only then is an export done.
 */
import { readFile } from 'node:fs/promises'
import { LabError, messageOf } from '../../../../shared/errors.ts'
import type { Target } from '../../../../shared/experiment.ts'
import { layOut, type TargetLayout } from '../../../../shared/target-layout.ts'
import { parseTensors } from '../../../store/files/safetensors.ts'
import type { NamedArray } from '../../../store/files/safetensors.ts'
import { nameArrays } from '../named-arrays.ts'
import { differInWords, largestDifference } from './largest-difference.ts'
import { runTarget } from './plain-network.ts'
import { readNpz } from './read-npz.ts'
import { runOnnx } from './run-onnx.ts'
import { readOnnx } from '../onnx-graph/read-onnx.ts'
import { runTfjs, tfjsVersion } from './run-tfjs.ts'

export interface CheckRequest {
  /** File; folder for `tfjs`. */
  path: string
  format: 'tfjs' | 'onnx' | 'npz' | 'safetensors'
  target: Target
  /** What was to be written, flat; of an ensemble, one network's after the other. */
  weights: Float32Array
  /** float32 [count, height, width, channels], values from 0 to 1. */
  pixels: Float32Array
}

/** Largest difference of a probability: of float32 sums in another order. */
const tolerance = 1e-5

/**
 * @returns how it was checked, in words
 * @throws LabError `corrupt` when the file says something else
 */
export async function checkExport(request: CheckRequest): Promise<string> {
  const { path, target, weights, pixels } = request
  const layout = layOut(target)
  const { height, width, channels } = target.input
  const count = pixels.length / (height * width * channels)
  const members = Array.from({ length: weights.length / layout.completeCount }, (_, i) =>
    runTarget(layout, weights.subarray(i * layout.completeCount, (i + 1) * layout.completeCount), pixels, count),
  )
  const expected = members[0].map((_, i) => members.reduce((sum, its) => sum + its[i], 0) / members.length)
  let found: { by: string; probabilities: ArrayLike<number> }
  try {
    found = await outputsOf(request, layout, count)
  } catch (cause) {
    throw damaged(path, `it could not be read again (${messageOf(cause)})`, cause)
  }
  const largest = largestDifference(found.probabilities, expected)
  if (largest > tolerance) throw damaged(path, `its probabilities ${differInWords(largest)}`)
  const images = `${count} image${count === 1 ? '' : 's'}`
  return `Loaded again with ${found.by}: the probabilities of ${images} ${largest === 0 ? 'are the same to the bit' : `differ by at most ${largest.toExponential(0)}`}.`
}

async function outputsOf(
  { path, format, pixels }: CheckRequest,
  layout: TargetLayout,
  count: number,
): Promise<{ by: string; probabilities: ArrayLike<number> }> {
  const { height, width, channels } = layout.target.input
  const shape: [number, number, number, number] = [count, height, width, channels]
  if (format === 'tfjs') return { by: `TensorFlow.js ${await tfjsVersion()}`, probabilities: await runTfjs(path, pixels, shape) }
  const file = new Uint8Array(await readFile(path))
  if (format === 'onnx') {
    return { by: 'a reader of ONNX graphs', probabilities: runOnnx(readOnnx(file), { shape, values: pixels }).values }
  }
  const arrays = format === 'npz' ? readNpz(file) : parseTensors(file, (found) => new Error(found)).arrays
  return { by: `a reader of ${format} files`, probabilities: runTarget(layout, assembled(layout, arrays), pixels, count) }
}

/** The complete network, from arrays by name, each with the shape it should have. */
function assembled(layout: TargetLayout, arrays: Readonly<Record<string, NamedArray>>): Float32Array {
  const network = new Float32Array(layout.completeCount)
  for (const { name, shape, values } of nameArrays(layout, network)) {
    if (!Object.hasOwn(arrays, name)) throw new Error(`${name} is missing`)
    const array = arrays[name]
    if (array.shape.join() !== shape.join()) throw new Error(`${name} is [${array.shape.join()}], not [${shape.join()}]`)
    values.set(array.data)
  }
  return network
}

function damaged(path: string, found: string, cause?: unknown): LabError {
  return new LabError(
    'corrupt',
    `${path} does not hold the network: ${found}.`,
    'Export it again; if that repeats, report it as a defect.',
    {
      cause,
    },
  )
}
