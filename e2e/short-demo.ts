/** The demo's stages with little in each: what tests have time for. */
import { presets } from '../src/shared/presets.ts'

const quick = presets['mnist-quick']

/** As WEIGHTSCAPE_DEMO_PLAN takes it. */
export const shortDemo = JSON.stringify({
  from: {
    document: {
      ...quick,
      method: { ...quick.method, noiseBatch: 8 },
      training: { ...quick.training, steps: 12, cooldown: 6, checkpointEvery: 6 },
      evaluation: { every: 6, networks: 6, images: 200 },
    },
  },
  networks: 12,
  images: 200,
  sizes: [1, 4, 12],
  mapped: 40,
  mapImages: 100,
  teachers: 8,
  student: { labelled: 500, steps: 40 },
})
