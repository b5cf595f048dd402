/** What is done to training images each time they are seen: a shift and a flip that change no class. */
import type { TrainingSettings } from '../../shared/training.ts'
import type { RandomStream } from './stream.ts'

export type Augmentation = Pick<TrainingSettings, 'randomShift' | 'randomFlip'>

/**
 * Moves each image by up to `randomShift` pixels along both axes, black coming in (the random crop of a padded image), and mirrors
 * it left to right half of the time. Every image takes as many random numbers whatever is done to it.
 * @param rows [images, height, width, channels], changed in place
 */
export function augment(
  rows: Uint8Array | Float32Array,
  { height, width, channels }: { height: number; width: number; channels: number },
  { randomShift, randomFlip }: Augmentation,
  stream: RandomStream,
): void {
  if (randomShift === 0 && !randomFlip) return
  const size = height * width * channels
  const side = 2 * randomShift + 1
  for (let start = 0; start < rows.length; start += size) {
    const [down, right, flip] = [stream.integer(side) - randomShift, stream.integer(side) - randomShift, stream.integer(2) === 1]
    const before = rows.slice(start, start + size)
    const after = rows.subarray(start, start + size).fill(0)
    for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
      for (let x = Math.max(0, right); x < Math.min(width, width + right); x++) {
        const from = ((y - down) * width + x - right) * channels
        const column = randomFlip && flip ? width - 1 - x : x
        for (let c = 0; c < channels; c++) after[(y * width + column) * channels + c] = before[from + c]
      }
    }
  }
}
