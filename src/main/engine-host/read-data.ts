/** Reads what a job refers to: the engine itself knows no files. */
import { open } from 'node:fs/promises'
import type { DataReference, EngineJob, SaidBefore } from '../../shared/engine-protocol.ts'
import { LabError, messageOf } from '../../shared/errors.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'

/** Bytes read at a time, so that the process stays responsive. */
const stretch = 16 << 20

/**
 * Reads a data set's two files, and brings them into the order of the run's split.
 * @throws LabError `not-found` or `corrupt`, naming the file
 */
export async function readImageSet(data: DataReference): Promise<ImageSet> {
  const { count, height, width, channels } = data
  const images = new Uint8Array(count * height * width * channels)
  const labels = new Uint8Array(count)
  await fill(data.imagesPath, images)
  await fill(data.labelsPath, labels)
  const outside = labels.findIndex((label) => label >= data.classes)
  if (outside >= 0) {
    throw new LabError(
      'corrupt',
      `${data.labelsPath}: label ${labels[outside]} of image ${outside} is not below the number of classes, ${data.classes}.`,
      'Import the data set again.',
    )
  }
  const size = height * width * channels
  return { images: inOrder(images, size, data.order), labels: inOrder(labels, 1, data.order), count, height, width, channels }
}

function inOrder(values: Uint8Array, size: number, order: Uint32Array | undefined): Uint8Array {
  if (order === undefined) return values
  const dealt = new Uint8Array(values.length)
  for (let i = 0, to = 0; i < order.length; i++, to += size) {
    const from = order[i] * size
    for (let k = 0; k < size; k++) dealt[to + k] = values[from + k]
  }
  return dealt
}

/**
 * Reads what networks say of a job's images, float32 [networks, images, classes], and of the validation images that it
 * chooses on; null: the job does not work on that.
 * @throws LabError `not-found` or `corrupt`, naming the file
 */
export async function readProbabilities(job: EngineJob): Promise<Record<'probabilities' | 'validation', Float32Array | null>> {
  const read = async (said: SaidBefore | undefined, images: number, classes: number): Promise<Float32Array | null> => {
    if (said === undefined) return null
    const probabilities = new Float32Array(said.networks * images * classes)
    await fill(said.path, new Uint8Array(probabilities.buffer), 'beginning')
    return probabilities
  }
  if (job.kind !== 'analysis' || job.data === undefined || job.split === undefined) return { probabilities: null, validation: null }
  const { data, validation } = job
  return {
    probabilities: await read(job.probabilities, job.images ?? data.split[job.split], data.classes),
    validation: await read(validation, validation?.images ?? 0, data.classes),
  }
}

/** Fills `into` with the whole of a file, which must have just that length; or with its beginning. */
async function fill(path: string, into: Uint8Array, what: 'whole' | 'beginning' = 'whole'): Promise<void> {
  let file
  try {
    file = await open(path)
  } catch (cause) {
    throw new LabError('not-found', `${path} cannot be read: ${messageOf(cause)}`, 'Put the file back, or import or compute it again.', {
      cause,
    })
  }
  try {
    const { size } = await file.stat()
    if (what === 'whole' ? size !== into.length : size < into.length) {
      throw new LabError('corrupt', `${path} has ${size} bytes where ${into.length} were expected.`, 'Import or compute it again.')
    }
    for (let at = 0; at < into.length;) {
      const { bytesRead } = await file.read(into, at, Math.min(stretch, into.length - at), at)
      if (bytesRead === 0) throw new LabError('corrupt', `${path} ended after ${at} bytes.`, 'Import or compute it again.')
      at += bytesRead
    }
  } finally {
    await file.close()
  }
}
