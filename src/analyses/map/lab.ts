/** What points are coloured by that needs images: how good each network is, and how far it differs from the rest. */
import type { Prepare } from '../../main/lab/results/analyses.ts'
import { disagreements, predictions } from '../../shared/scores.ts'
import { asColours } from '../network-values.ts'

/** Probabilities read at a time. */
const atOnce = 8e6

export const prepare: Prepare = async ({ key, evaluate, read }) => {
  if (key === null) return {}
  const { result, cache } = await evaluate(key)
  const { images, classes } = cache
  const predicted: Uint16Array[] = []
  const part = Math.max(1, Math.floor(atOnce / (images * classes)))
  for (let first = 0; first < key.count; first += part) {
    const all = predictions(await read(cache, first, Math.min(part, key.count - first)), classes)
    for (let at = 0; at < all.length; at += images) predicted.push(all.slice(at, at + images))
  }
  return asColours({
    accuracy: Float32Array.from(result.result.accuracies),
    loss: Float32Array.from(result.result.losses),
    disagreement: disagreements(predicted, classes),
  })
}
