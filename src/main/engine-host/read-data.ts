/** Reads what a job refers to: the engine itself knows no files. */
import { open } from 'node:fs/promises'
import type { DataReference, JobOf } from '../../shared/engine-protocol.ts'
import { LabError } from '../../shared/errors.ts'
import type { ImageSet } from '../../engine/target-network/program.ts'

/** Bytes read at a time, so that the process stays responsive. */
const stretch = 16 << 20

/**
 * Reads a data set's two files.
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
  return { images, labels, count, height, width, channels }
}

/**
 * Reads the probability cache of an ensemble job, float32 [networks, images, classes].
 * @throws LabError `not-found` or `corrupt`, naming the file
 */
export async function readProbabilities(job: JobOf<'ensemble'>): Promise<Float32Array> {
  const probabilities = new Float32Array(job.networks * job.images * job.classes)
  await fill(job.probabilitiesPath, new Uint8Array(probabilities.buffer), 'beginning')
  return probabilities
}

/** Fills `into` with the whole of a file, which must have just that length; or with its beginning. */
async function fill(path: string, into: Uint8Array, what: 'whole' | 'beginning' = 'whole'): Promise<void> {
  let file
  try {
    file = await open(path)
  } catch (cause) {
    throw new LabError('not-found', `${path} cannot be read: ${String(cause)}`, 'Check that the data folder is complete.', { cause })
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
