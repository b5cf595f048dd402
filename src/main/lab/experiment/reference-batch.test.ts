import { expect, it } from 'vitest'
import type { Layer } from '../../../layers/registry.ts'
import { layerSchema } from '../../../layers/registry.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { referenceIndices } from '../../../shared/reference-batch.ts'
import { checkDocument } from './document.ts'
import { checkBatch, fitReference } from './reference-batch.ts'

const quick = presets['mnist-quick']
const overBatch = layerSchema.parse({ kind: 'normalisation', over: 'batch' })
const block: Layer = { kind: 'residual', layers: [overBatch], shortcut: [], activation: 'none' }

function documentOf(...within: Layer[]): Experiment {
  const [first, ...others] = quick.target.layers
  return { ...structuredClone(quick), target: { ...quick.target, layers: [first, ...within, ...others] } }
}

it('is stated where layers normalise over the batch, wherever they stand, and nowhere else', () => {
  const notes: string[] = []
  const fitted = (document: Experiment, ...chosen: string[]) =>
    fitReference(document, new Set(chosen), (note) => notes.push(note)).target.reference
  expect(fitted(quick)).toBeUndefined()
  for (const layer of [overBatch, block]) expect(fitted(documentOf(layer))).toEqual({ images: 256, seed: 1 })
  const few = { ...documentOf(block), data: { ...quick.data, split: { train: 40, validation: 5, test: 5 } } }
  expect(fitted(few)).toEqual({ images: 40, seed: 1 })
  const set = { ...few, target: { ...few.target, reference: { images: 41, seed: 3 } } }
  expect(() => fitted(set, 'target.reference.images')).toThrow('target.reference.images is 41, but the training split has 40 images.')
  expect(notes).toEqual([])
  const idle = { ...quick, target: { ...quick.target, reference: { images: 9, seed: 3 } } }
  expect(fitted(idle, 'target.reference')).toBeUndefined()
  expect(notes).toEqual(['target.reference is left out: no layer normalises over the batch.'])
})

it('needs a batch of more than one image, and says at which layer', () => {
  const one = (document: Experiment) => ({ ...document, training: { ...document.training, imageBatch: 1 } })
  expect(() => checkBatch(one(quick))).not.toThrow()
  expect(() => checkBatch(documentOf(block))).not.toThrow()
  expect(() => checkBatch(one(documentOf(block)))).toThrow(
    'target.layers[1].layers[0] normalises over the batch, and training.imageBatch is 1: one image has no deviation from itself.',
  )
  expect(() => checkDocument(one(documentOf(overBatch)))).toThrow('target.layers[1] normalises over the batch')
  const lonely = { ...documentOf(overBatch), data: { ...quick.data, split: { train: 1, validation: 5, test: 5 } } }
  expect(() => checkBatch(lonely)).toThrow('there is one training image')
})

it('has training images without repeats, the same for the same seed', () => {
  const drawn = referenceIndices({ reference: { images: 50, seed: 4 } }, 70)
  expect(new Set(drawn).size).toBe(50)
  expect(Math.max(...drawn)).toBeLessThan(70)
  expect(referenceIndices({ reference: { images: 50, seed: 4 } }, 70)).toEqual(drawn)
  expect(referenceIndices({ reference: { images: 50, seed: 5 } }, 70)).not.toEqual(drawn)
})
