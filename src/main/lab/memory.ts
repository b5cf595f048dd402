/** Whether a training step fits into memory, asked before anything is started. */
import { LabError } from '../../shared/errors.ts'
import type { Experiment } from '../../shared/experiment.ts'
import { layOut } from '../../shared/target-layout.ts'

/** TensorFlow, its threads and Node itself, for each process; measured on Linux. */
const processBytes = 350e6

/**
 * Bytes that training needs at least: what every step must hold at once, not what an allocator may
 * take on top. Parameters with their gradients and two moments; generated weights with their
 * gradients; the largest layer's activations of one network's images, forward and backward.
 */
export function trainingBytes(document: Experiment): number {
  const { target, hypernetwork, training } = document
  const layout = layOut(target)
  const codes = layout.layers.map(({ filters }, i) => (i === layout.layers.length - 1 ? 1 : filters))
  const widths = [hypernetwork.latent, ...hypernetwork.extractor, hypernetwork.code * codes.reduce((a, b) => a + b, 0)]
  let parameters = chain(widths)
  for (const [i, { fanIn, filters }] of layout.layers.entries()) {
    const outputs = i === layout.layers.length - 1 ? (fanIn + 1) * filters : fanIn + 1
    parameters += chain([hypernetwork.code, ...hypernetwork.generators[i], outputs])
  }
  const pixels = target.input.height * target.input.width * target.input.channels
  const activations = Math.max(
    ...layout.layers.map(({ layer, input, filters }) => (layer.kind === 'convolution' ? input[0] * input[1] * filters : filters)),
  )
  const images = training.imageBatch * (pixels + 2 * activations)
  return processBytes + 4 * (4 * parameters + 3 * training.noiseBatch * layout.weightCount + images)
}

/** @throws LabError `memory` when the machine has less available than training needs at least */
export function checkMemory(document: Experiment, available = process.availableMemory()): void {
  const needed = trainingBytes(document)
  if (needed <= available) return
  const { noiseBatch, imageBatch } = document.training
  throw new LabError(
    'memory',
    `Training needs at least ${gigabytes(needed)} GB of memory, and ${gigabytes(available)} GB are available.`,
    `Lower training.noiseBatch (now ${noiseBatch}), training.imageBatch (now ${imageBatch}) or the widths under hypernetwork, or close other programs.`,
  )
}

function chain(widths: number[]): number {
  let count = 0
  for (let i = 1; i < widths.length; i++) count += widths[i - 1] * widths[i]
  return count
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1)
