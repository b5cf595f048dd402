/** Brings pixels to the size and channels of a plan. */
import type { ImportPlan } from '../../../shared/dataset-import.ts'
import { vips } from './vips.ts'

export interface Pixels {
  /** uint8 [height, width, channels]; 1 and 2 channels are grey (and alpha), 3 and 4 colour (and alpha) */
  data: Uint8Array
  height: number
  width: number
  channels: number
}

/** Name of a fit in sharp. */
const fits = { crop: 'cover', pad: 'contain', stretch: 'fill' } as const

/** The pixels as planned: untouched where they fit already. */
export async function toPlan(pixels: Pixels, plan: ImportPlan): Promise<Uint8Array> {
  const { data, height, width, channels } = pixels
  if (height === plan.height && width === plan.width) {
    if (channels === plan.channels) return data
    if (channels === 1 && plan.channels === 3) return spread(data)
  }
  const image = vips(data, { raw: { height, width, channels: channels as 1 | 2 | 3 | 4 } })
  return planned(image, plan, height, width)
}

/** What shows where an image is transparent. */
export const white = '#fff'
export const black = '#000'

/** A pipeline's pixels, brought to the plan. */
export async function planned(
  image: ReturnType<typeof vips>,
  plan: ImportPlan,
  height: number,
  width: number,
  background = white,
): Promise<Uint8Array> {
  let shaped = image.flatten({ background })
  if (height !== plan.height || width !== plan.width)
    shaped = shaped.resize({ height: plan.height, width: plan.width, fit: fits[plan.fit], background: black })
  const { data, info } = await shaped
    .toColourspace(plan.channels === 1 ? 'b-w' : 'srgb')
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels === plan.channels) return data
  if (info.channels === 1 && plan.channels === 3) return spread(data)
  throw new Error(`${info.channels} channels came out instead of ${plan.channels}`)
}

/** One grey value as three equal ones. */
function spread(grey: Uint8Array): Uint8Array {
  const out = new Uint8Array(grey.length * 3)
  grey.forEach((value, i) => out.fill(value, 3 * i, 3 * i + 3))
  return out
}
