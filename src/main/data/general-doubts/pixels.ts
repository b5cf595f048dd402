/** Pixels: too few, of one value throughout, too dark, on different scales in different parts. */
import type { Doubt } from '../../../shared/import-options.ts'
import { splitNames, splits } from '../../../shared/split.ts'
import { plural } from '../../../shared/wording.ts'
import { acceptable, accepting } from '../doubts.ts'
import type { ImageBuffer } from '../image-buffer.ts'
import { brightnessRatio } from '../pixels/scale.ts'
import type { Survey } from '../reader.ts'

/** Fewer pixels are no picture. */
const leastPixels = 16
/** Half the range of a byte. */
const halfRange = 128
export function pixelDoubts(
  { sizes, clear = 0, dark: unlooked = false }: Survey,
  { flat, labels, brightest, presplit }: ImageBuffer,
): Doubt[] {
  const doubts: Doubt[] = []
  const tiny = sizes.filter(({ height, width }) => height * width < leastPixels)
  if (tiny.length > 0) {
    const [{ height, width, channels }] = tiny
    doubts.push(
      acceptable(
        'tiny-images',
        `Images have ${height} x ${width} pixels of ${plural(channels, 'channel')}.`,
        'They are pictures of that size.',
      ),
    )
  }
  if (flat > 0 && 10 * flat >= labels.length)
    doubts.push({
      code: 'one-value',
      message: `${flat} of ${plural(labels.length, 'image')} have one value throughout: nothing can be seen in them.`,
      choices: [
        ...(clear === 0 ? [] : [{ words: 'Show black where they are transparent.', options: { background: 'black' as const } }]),
        accepting('one-value', 'Keep them.'),
      ],
    })
  const top = Math.max(...splits.map((split) => brightest[split]))
  // A picture hardly ever ends in the lower half of its range.
  if (unlooked && top > 0 && top < halfRange)
    doubts.push({
      code: 'pixel-range',
      message: `No pixel is brighter than ${top} of 255: the images would be almost black.`,
      choices: [
        { words: `0 is black, ${top} white.`, options: { range: { from: 0, to: top } } },
        { words: '0 is black, 255 white.', options: { range: { from: 0, to: 255 } } },
      ],
    })
  const parts = splits.filter((split) => presplit[split] > 0)
  const most = Math.max(...parts.map((split) => brightest[split]))
  const dark = parts.filter((split) => brightest[split] * brightnessRatio < most)
  if (dark.length > 0)
    doubts.push(
      acceptable(
        'parts-differ',
        `The brightest pixel is ${parts.map((split) => `${brightest[split]} in ${splitNames[split]}`).join(', ')}: these parts are on different scales.`,
        'They were taken so.',
      ),
    )
  return doubts
}
