import { describe, expect, it } from 'vitest'
import { experimentSchema } from './experiment.ts'
import { presets } from './presets.ts'
import { openDocument } from './open-document.ts'
import { documentVersion, upgradeDocument } from './upgrade-document.ts'

/** `mnist-quick` as version 1 wrote it. */
const version1 = {
  version: 1,
  preset: 'mnist-quick',
  data: { id: 'mnist', split: { train: 55000, validation: 5000, test: 10000 } },
  target: {
    input: { height: 28, width: 28, channels: 1 },
    layers: [
      { kind: 'convolution', kernel: 5, filters: 32, activation: 'relu', pool: 2 },
      { kind: 'convolution', kernel: 5, filters: 16, activation: 'relu', pool: 2 },
      { kind: 'dense', units: 8, activation: 'relu' },
      { kind: 'dense', units: 10, activation: 'none' },
    ],
  },
  hypernetwork: {
    latent: 300,
    extractor: [300, 300],
    code: 15,
    generators: [
      [40, 40],
      [100, 100],
      [100, 100],
      [60, 60],
    ],
    leak: 0.05,
    batchNorm: { epsilon: 1e-7, decay: 0.98, debias: true },
    initialScale: 0.0025,
  },
  objective: { lambda: 1000 },
  training: {
    steps: 700,
    learningRate: 6e-4,
    learningRateDecay: 0.99998,
    warmup: 0,
    cooldown: 400,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    noiseBatch: 32,
    imageBatch: 16,
    checkpointEvery: 100,
    checkpointSeconds: 60,
  },
  evaluation: { every: 50, networks: 20, images: 1000 },
  seed: 8734,
}

describe('a document of version 1', () => {
  it('is the same experiment in version 2', () => {
    expect(experimentSchema.parse(upgradeDocument(version1))).toEqual(presets['mnist-quick'])
    expect(documentVersion).toBe(2)
  })

  it('is left as it was', () => {
    const before = structuredClone(version1)
    upgradeDocument(version1)
    expect(version1).toEqual(before)
  })

  it('upgraded twice is as upgraded once', () => {
    expect(upgradeDocument(upgradeDocument(version1))).toEqual(upgradeDocument(version1))
  })

  it.each([null, 3, 'text', [], {}, { version: 1 }, { version: 1, training: 3, hypernetwork: null, target: [] }])(
    'that is broken (%j) is left for the schema to judge',
    (value) => {
      expect(experimentSchema.safeParse(upgradeDocument(value)).success).toBe(false)
    },
  )
})

describe('what this version does not know', () => {
  it.each([
    [{ ...version1, version: 3 }, 'The document has version 3'],
    [{ ...presets['mnist-quick'], method: { kind: 'crystal-ball' } }, 'no method "crystal-ball"'],
    [{ ...presets['mnist-quick'], target: { layers: [{ kind: 'attention' }] } }, 'no layer "attention"'],
  ])('is refused in a sentence', (document, sentence) => {
    expect(() => openDocument(document)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(sentence) as string }),
    )
  })
})
