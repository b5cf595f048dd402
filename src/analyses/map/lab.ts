/** What points are coloured by that needs images: how good each network is, and how far it differs from the rest. */
import type { Prepare } from '../../main/lab/results/analyses.ts'
import { disagreements, predictions } from '../../shared/scores.ts'
import { asColours } from '../network-values.ts'

/** Probabilities read at a time. */
const atOnce = 8e6

export const prepare: Prepare = async ({ key, others, evaluate, read }) => {
  if (key === null) return {}
  const predicted: Uint16Array[] = []
  const [accuracies, losses]: [number[], number[]] = [[], []]
  let classes = 0
  for (const one of [key, ...others]) {
    const { result, cache } = await evaluate(one)
    classes = cache.classes
    const each = cache.images
    const part = Math.max(1, Math.floor(atOnce / (each * classes)))
    for (let first = 0; first < one.count; first += part) {
      const all = predictions(await read(cache, first, Math.min(part, one.count - first)), classes)
      for (let at = 0; at < all.length; at += each) predicted.push(all.slice(at, at + each))
    }
    accuracies.push(...result.result.accuracies)
    losses.push(...result.result.losses)
  }
  return asColours({
    accuracy: Float32Array.from(accuracies),
    loss: Float32Array.from(losses),
    disagreement: disagreements(predicted, classes),
  })
}
