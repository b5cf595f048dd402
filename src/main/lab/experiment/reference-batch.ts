/** The reference batch of a document: filled in where layers normalise over the batch, and left out elsewhere. */
import { chainsOf, type LayerSettings } from '../../../layers/layer-kind.ts'
import { layerKinds } from '../../../layers/registry.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { leastBatch, standardReference } from '../../../shared/reference-batch.ts'
import { count, plural } from '../../../shared/wording.ts'

/** Place of the first layer that takes statistics of the batch: `target.layers[2]`; undefined: none does. */
function placeOverBatch(layers: readonly LayerSettings[], where = 'target.layers'): string | undefined {
  for (const [i, layer] of layers.entries()) {
    const definition = layerKinds[layer.kind]
    const here = `${where}[${i}]`
    if ((definition.statistics?.(layer) ?? []).length > 0) return here
    for (const [c, chain] of chainsOf(definition, layer).entries()) {
      const found = placeOverBatch(chain, `${here}.${definition.chains![c]}`)
      if (found !== undefined) return found
    }
  }
  return undefined
}

/**
 * States the reference batch, within the training split where nobody set it.
 * @param chosen keys that were set by hand
 * @param note hears where one was set that says nothing
 * @throws LabError `invalid-argument` where it was set larger than the training split
 */
export function fitReference(document: Experiment, chosen: ReadonlySet<string>, note: (message: string) => void): Experiment {
  const { reference, ...target } = document.target
  const wasChosen = [...chosen].some((key) => key === 'target.reference' || key.startsWith('target.reference.'))
  if (placeOverBatch(target.layers) === undefined) {
    if (wasChosen) note('target.reference is left out: no layer normalises over the batch.')
    return reference === undefined ? document : { ...document, target }
  }
  const { train } = document.data.split
  const { images, seed } = reference ?? standardReference
  if (images > train && wasChosen) {
    throw new LabError(
      'invalid-argument',
      `target.reference.images is ${count(images)}, but the training split has ${plural(train, 'image')}.`,
      'Let the reference batch have fewer.',
      { settings: { 'target.reference.images': null } },
    )
  }
  return { ...document, target: { ...target, reference: { images: Math.min(images, train), seed } } }
}

/** @throws LabError `invalid-argument` where a layer normalises over a batch of one image */
export function checkBatch({ target, training, data }: Experiment): void {
  const place = placeOverBatch(target.layers)
  if (place === undefined) return
  if (training.imageBatch < leastBatch)
    throw new LabError(
      'invalid-argument',
      `${place} normalises over the batch, and training.imageBatch is ${training.imageBatch}: one image has no deviation from itself.`,
      `Give training.imageBatch ${leastBatch} or more, or normalise over the image.`,
      { settings: { 'training.imageBatch': null } },
    )
  if (data.split.train < leastBatch)
    throw new LabError(
      'invalid-argument',
      `${place} normalises over the batch, and there is one training image.`,
      'Take a split with more training images, or normalise over the image.',
      { settings: { 'data.split.train': null } },
    )
}
