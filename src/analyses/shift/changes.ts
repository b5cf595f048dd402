/**
 * What is done to images by severity, as Hendrycks and Dietterich (2019) do it for larger ones. The constants are our
 * own, for 28 x 28 and 32 x 32 alike: lengths are shares of an image's side, brightness goes from 0 to 1.
 */

/** From least to most. */
export const severities = [1, 2, 3, 4, 5] as const

export const changes = {
  noise: { title: 'Gaussian noise', of: 'standard deviation', at: [0.08, 0.12, 0.18, 0.26, 0.38] },
  impulses: { title: 'Impulse noise', of: 'share of pixels made black or white', at: [0.03, 0.06, 0.1, 0.17, 0.27] },
  blur: { title: 'Gaussian blur', of: 'standard deviation, of the side', at: [0.02, 0.03, 0.045, 0.06, 0.08] },
  rotation: { title: 'Rotation', of: 'degrees, either way', at: [10, 20, 30, 45, 60] },
  displacement: { title: 'Displacement', of: 'of the side, in a random direction', at: [0.03, 0.06, 0.1, 0.14, 0.18] },
  contrast: { title: 'Contrast', of: 'share of contrast kept', at: [0.75, 0.5, 0.4, 0.3, 0.15] },
  brightness: { title: 'Brightness', of: 'added', at: [0.1, 0.2, 0.3, 0.4, 0.5] },
  occlusion: { title: 'Occlusion', of: 'side of a grey square, of the side', at: [0.2, 0.3, 0.4, 0.5, 0.6] },
} as const

export type ChangeKind = keyof typeof changes
export const changeKinds = Object.keys(changes) as ChangeKind[]
